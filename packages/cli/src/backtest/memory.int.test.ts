// Goal: what a backtest keeps does not grow with its length. Method: one run that goes on when the longest memory of the line
// (60 sessions of profiles) is full; the bytes of all states of stages are counted then and at the end, and frames are looked
// for that something still holds. Counted, not timed, and the same at every run.
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { serialize, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { DataOrigin, bookConfigOf, type Frame } from '@bellwether/contracts';
import { runBacktest } from '@bellwether/backtest';
import { noModels } from '@bellwether/host';
import { bookInputBatches, nextRelease } from '@bellwether/ingestion';
import type { AnyStage } from '@bellwether/kernel';
import { LINE, stageVersions } from '@bellwether/line';
import { generateSessions } from '@bellwether/testkit';
import { RunCollector } from './run-collector.js';

const FULL = 61;
const SESSIONS = 70;
/** One frame in so many is watched. */
const WATCHED = 50;

/** The line, with a look at the state that each stage had last. */
function watched(last: Map<string, unknown>): readonly AnyStage[] {
  return LINE.map((stage): AnyStage => ({
    ...stage,
    apply: (state, frame, outputs) => {
      const applied = stage.apply(state, frame, outputs);
      last.set(stage.name, applied.state);
      return applied;
    },
  }));
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function memoryOfRun(sessions: number, forgetful: boolean) {
  const { config } = bookConfigOf({
    ...{ book: 'memory', symbols: [{ symbol: 'ES' }], bar_interval: '5m', known_time: 'event' },
  });
  const bars = generateSessions({
    ...{ seed: 'memory', symbol: 'ES', firstTradeDate: 20_240_102, sessions },
    interval: '5m',
  });
  const states = new Map<string, unknown>();
  const collector = new RunCollector();
  const dates = new Set<number>();
  const sizes: number[] = [];
  const seen: WeakRef<Frame>[] = [];
  const kept: Frame[] = [];
  const stateBytes = (): number =>
    [...states.values()].reduce<number>((sum, one) => sum + serialize(one).length, 0);
  await runBacktest({
    ...{ book: 'memory', stages: watched(states), infer: noModels, signal: new AbortController().signal },
    inputs: bookInputBatches({
      config,
      series: [{ symbol: 'ES', bars, source: 'made', origin: DataOrigin.SYNTHETIC }],
      release: nextRelease({ config, stages: stageVersions(), latest: null }),
      ...{ from: null, to: null },
    }),
    onFrame: (frame) => {
      collector.add(frame);
      const date = frame.portfolio?.day?.trade_date ?? 0;
      // At the first bar of a session, when the one before is remembered whole.
      if (!dates.has(date) && dates.size === FULL) sizes.push(stateBytes());
      if (date !== 0) dates.add(date);
      if (frame.seq % WATCHED === 0) seen.push(new WeakRef(frame));
      if (!forgetful && frame.seq % WATCHED === 0) kept.push(frame);
    },
  });
  sizes.push(stateBytes());
  // References are let go at the end of a turn.
  await turnOfTheLoop();
  collectGarbage();
  const alive = seen.filter((one) => one.deref() !== undefined).length;
  return { sizes, alive, watched: seen.length, collector, kept };
}

describe('the memory of a backtest', () => {
  it('given sessions beyond the longest memory, then the stages keep no more than before, and nothing keeps frames', async () => {
    const { sizes, alive, watched: count, collector } = await memoryOfRun(SESSIONS, true);
    const [first = 0] = sizes;
    expect(sizes.length).toBe(2);
    expect(first).toBeGreaterThan(100_000);
    for (const size of sizes) expect(size).toBeLessThan(1.05 * first);
    expect(count).toBeGreaterThan(300);
    expect(alive).toBeLessThanOrEqual(2);
    // The results grow with days, trades and changes of regime.
    expect(collector.days.days().length).toBe(SESSIONS);
    expect(collector.trades.trades.length).toBeLessThan(20 * SESSIONS);
    expect(collector.regimes.length).toBeLessThan(100 * SESSIONS);
  });

  it('given a receiver that keeps frames, then it is seen', async () => {
    const { alive, kept } = await memoryOfRun(3, false);
    expect(kept.length).toBeGreaterThan(0);
    expect(alive).toBe(kept.length);
  });
});
