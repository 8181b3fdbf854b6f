/**
 * Goal: the rule comes near to what can be known of a market whose states are known, and sees nothing where there is
 * nothing. Method: the features and regime stages over made-up worlds; on the world of four regimes against a filter that
 * knows every parameter of the world, on random walks against the labels of domain.md 5.4.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RegimeState } from '@bellwether/contracts';
import { WORLD_DATES, type WorldOptions } from '@bellwether/testkit';
import { knownRegimes, regimeReport, runWorld, type KnownRegimes, type RegimeReport } from './index.js';

const WORLD: WorldOptions = {
  kind: 'regimes',
  seed: 'known',
  symbol: 'ES',
  firstTradeDate: WORLD_DATES.spring,
  sessions: 95,
};

describe('the rule on a world of four known regimes', () => {
  let found: KnownRegimes;
  let report: RegimeReport;

  beforeAll(() => {
    found = knownRegimes(WORLD);
    report = regimeReport(found.said);
  });

  it('is compared on more than a month', () => {
    expect(found.bars).toBeGreaterThan(35_000);
  });

  it.each(['four', 'volatility', 'trend'] as const)(
    'has at least 90 % of the balanced accuracy of one that knows its parameters: %s',
    (what) => {
      const { rule, knowing } = found;
      expect(knowing[what]).toBeGreaterThan(0.85);
      expect(rule[what] / knowing[what]).toBeGreaterThan(0.9);
    },
  );

  it('finds both axes in the half hours that follow, and more than by chance', () => {
    expect(report.volatility?.interval?.[0]).toBeGreaterThan(0.75);
    expect(report.trend?.interval?.[0]).toBeGreaterThan(0.52);
  });

  it('knows a state most of the time, and changes it fewer than twelve times a session', () => {
    const unknown = report.time.states.find(({ state }) => state === RegimeState.UNKNOWN);
    // The first twenty sessions have no state at all.
    expect(unknown?.share).toBeGreaterThan(20 / WORLD.sessions);
    expect(unknown?.share).toBeLessThan(0.35);
    expect(report.time.switches_per_session).toBeGreaterThan(2);
    expect(report.time.switches_per_session).toBeLessThan(12);
  });
});

describe('the rule on random walks', () => {
  const reports = ['a', 'b'].map((seed) =>
    regimeReport(runWorld({ ...WORLD, kind: 'random_walk', seed, sessions: 50 }).map(({ said }) => said)),
  );

  it('knows no more of the trend than chance: one half lies in the interval, and losses are no smaller', () => {
    for (const { trend } of reports) {
      expect(trend?.cases).toBeGreaterThan(35_000);
      const [low = 1, high = 0] = trend?.interval ?? [];
      // Two intervals of 95 %, and some room.
      expect(low).toBeLessThan(0.505);
      expect(high).toBeGreaterThan(0.495);
      expect(high - low).toBeLessThan(0.06);
      expect(trend?.rule.log_loss).toBeGreaterThan(trend?.base_rate.log_loss ?? Infinity);
    }
  });

  it('calls less than a third of it a trend', () => {
    for (const { time } of reports) {
      const shareOf = (state: RegimeState): number =>
        time.states.find((one) => one.state === state)?.share ?? NaN;
      const trending = shareOf(RegimeState.CALM_TREND) + shareOf(RegimeState.HIGHVOL_TREND);
      expect(trending / (1 - shareOf(RegimeState.UNKNOWN))).toBeLessThan(1 / 3);
    }
  });
});
