/**
 * Goal: what a book has logged becomes steps to learn from, once each, and a log that says nothing of sizes is refused. Method: frames put
 * together by hand, and a made-up log in which small sizes earn.
 */
import { randomSource } from '@bellwether/agents';
import { describe, expect, it } from '@jest/globals';
import {
  A_TRADE_DATE,
  aBookConfig,
  aFrame,
  aPortfolioPart,
  aReleaseEntry,
  aSizingObservation,
  aSizingPart,
  anAccount,
} from '@bellwether/testkit';
import { SizingLogCollector, type SizedStep, type SizingLog } from './sizing-log.js';
import { onlineVersion, trainOnlineAgent } from './train-online-agent.js';

const SEEN = aSizingObservation();

function account(equity_cents: number, trade_date: number = A_TRADE_DATE) {
  const day = { trade_date, realised_cents: 0, open_pnl_cents: 0, fees_cents: 0, pnl_cents: 0 };
  return aPortfolioPart({ day, account: anAccount({ equity_cents }) });
}

const sized = (equity_cents: number, multiplier: number | null, session_left: number) =>
  aFrame({
    portfolio: account(equity_cents),
    sizing: aSizingPart({ observation: { ...SEEN, session_left }, multiplier }),
  });

describe('the log of sizes', () => {
  it('pays each size until the next one, the last until its session ends, in R of the book', () => {
    const collector = new SizingLogCollector();
    const release = aReleaseEntry(aBookConfig({ risk_per_trade_cents: 10_000 }));
    for (const frame of [
      aFrame({ entry: release }),
      sized(5_000_000, 0.5, 0.9),
      aFrame({ portfolio: account(5_020_000) }),
      sized(5_030_000, null, 0.4),
      aFrame({ portfolio: account(5_015_000) }),
      aFrame({ portfolio: account(5_999_999, A_TRADE_DATE + 1) }),
      sized(5_999_999, 2, 0.1),
    ]) {
      collector.add(frame);
    }
    const log = collector.log();
    expect(log).toMatchObject({ sessions: 1, open: 1 });
    expect(log.steps).toEqual([
      {
        seen: { ...SEEN, session_left: 0.9 },
        multiplier: 0.5,
        reward_r: 3,
        next: { ...SEEN, session_left: 0.4 },
      },
      { seen: { ...SEEN, session_left: 0.4 }, multiplier: 1, reward_r: -1.5, next: null },
    ]);
  });
});

function madeUp(steps: number): SizingLog {
  const random = randomSource('log');
  const rows = Array.from({ length: steps }, (): SizedStep => {
    const multiplier = 0.1 + 1.9 * random.uniform();
    return { seen: { ...SEEN, volatile: null }, multiplier, reward_r: -multiplier, next: null };
  });
  return { steps: rows, sessions: 20, open: 0, until_us: 1_700_000_000_000_000, synthetic: true };
}

const request = (log: SizingLog, lessons = 400) => ({
  ...{ log, book: 'b', lessons, seed: '1', command: 'bw train rl/sac_agent', node: process.version },
  onProgress: () => undefined,
});

describe('the agent that learns from it', () => {
  it('learns smaller sizes where they lose less, to the same bytes each time', () => {
    const [one, two] = [trainOnlineAgent(request(madeUp(500))), trainOnlineAgent(request(madeUp(500)))];
    expect(two.onnx).toEqual(one.onnx);
    expect(one.facts).toMatchObject({
      trained_on: 'synthetic',
      outputs: [{ name: 'multiplier', shape: [1] }],
    });
    expect(one.golden.rows[0]?.outputs[0]).toBeLessThan(0.9);
    expect(one.card).toContain('500 sizes of 20 sessions');
    expect(onlineVersion(request(madeUp(500)))).toBe(one.facts.version);
    expect(onlineVersion(request(madeUp(501)))).not.toBe(one.facts.version);
  });

  it('refuses a log that is too thin, with all that is missing', () => {
    const log = { ...madeUp(10), sessions: 1 };
    const alike = log.steps.map((step) => ({ ...step, multiplier: 1 }));
    expect(() => trainOnlineAgent(request({ ...log, steps: alike }))).toThrow(
      /10 sizes.*expected 300; 1 sessions.*; multipliers deviate by 0.000/,
    );
  });
});
