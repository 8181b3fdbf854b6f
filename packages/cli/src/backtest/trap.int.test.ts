/**
 * Goal: what the original took for +$887K (seed-system.md 11.1) is a look-ahead on a random walk, and would not pass here.
 * Method: its kind of file and its rule by its own accounting and without the look-ahead; then the rule in the line, with the
 * confirmation joined to its bars as a careless preparation of data would. The verdict on the file, and the forced run, are in
 * backtest-run.int.test.ts; `npm run backtest-trap` prints all figures.
 */
import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '@bellwether/backtest';
import {
  ReasonCode,
  Side,
  Strategy,
  OrderType,
  type Bar,
  type BanditPart,
  type Entry,
} from '@bellwether/contracts';
import { present, type AnyStage, type Stage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { samplePlan } from '../data/data-plan.js';
import { compareCuts, type CutSource } from './cut-check.js';
import { NO_BARS, afterTrapBar, confirmedAfter, type TrapBar, type TrapState } from './trap-rule.js';
import { trapAnswers } from './trap-worlds.js';

const TIMEOUT_MS = 300_000;
const WALKS = 40;
const MINUTE_US = 60_000_000;

describe('the rule of the original on a walk', () => {
  const [published, causal, single, singleCausal, real] = trapAnswers(WALKS);

  it('makes a fortune by its own accounting, in the files and in nearly every other walk', () => {
    const net = (published?.files ?? []).reduce((sum, { net_usd }) => sum + net_usd, 0);
    expect(net).toBeGreaterThan(400_000);
    expect(published?.files[0].open_max).toBeGreaterThan(15);
    expect(published?.walks.t).toBeGreaterThan(4);
    expect(single?.walks.t).toBeGreaterThan(4);
  });

  it('makes nothing where it waits for its confirmation', () => {
    for (const one of [causal, singleCausal, real]) expect(one?.walks.t).toBeLessThan(2);
    expect(singleCausal?.walks.mean_usd).toBeLessThan(0.2 * (single?.walks.mean_usd ?? 0));
  });
});

const inPoints = (bar: Bar): TrapBar => {
  const tick = bar.tick_size_e4 / 10_000;
  return {
    open_us: bar.open_us,
    ...{ open: tick * bar.open_ticks, high: tick * bar.high_ticks, low: tick * bar.low_ticks },
    ...{ close: tick * bar.close_ticks, volume: bar.volume ?? 0 },
  };
};

/** Bars with a column of the direction that one of the next three closes confirms: what the original looked up. */
async function* confirmed(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const batch of batches) all.push(...batch);
  const bars = all.flatMap(({ bar }) => (bar === null ? [] : [inPoints(bar)]));
  let at = -1;
  yield all.map((entry) => {
    const { bar } = entry;
    if (bar === null) return entry;
    at += 1;
    const up = confirmedAfter(bars, at, 1) !== null;
    const down = confirmedAfter(bars, at, -1) !== null;
    return { ...entry, bar: { ...bar, last_trade_dir: up === down ? 0 : up ? 1 : -1 } };
  });
}

const bandit = present(
  LINE.find(({ name }) => name === 'bandit'),
  'the stage that chooses',
);
const nothing: BanditPart = {
  ...{
    logic_version: bandit.logicVersion,
    fault: null,
    reason: ReasonCode.NO_SETUP,
    candidates: [],
    refused: [],
  },
  ...{ draw: null, chosen: null, confidence_reason: null, selection_reason: null, withheld: [] },
};

function setupPart(bar: Bar, side: 1 | -1, stop: number, target: number): BanditPart {
  const ticks = (points: number): number => Math.round((10_000 * points) / bar.tick_size_e4);
  const close_us = bar.open_us + bar.interval_us;
  const setup = {
    ...{ strategy: Strategy.S2, symbol: bar.symbol, side: side === 1 ? Side.LONG : Side.SHORT },
    ...{ order_type: OrderType.MARKET, entry_ticks: bar.close_ticks, stop_ticks: ticks(stop) },
    ...{ target_ticks: ticks(target), tp1_r: null, expires_us: close_us + 5 * MINUTE_US },
    ...{ time_stop_us: 45 * MINUTE_US, size_factor: 1 },
  };
  const candidate = { setup, mean_r: 0, count: 0, ucb: null, probability: 1, confidence: null };
  return { ...nothing, reason: ReasonCode.OK, candidates: [candidate], draw: 0, chosen: 0 };
}

/** The rule in the place of the twelve arms. `asks`: it waits for the column that looks ahead; else it takes every signal. */
function trapLine(asks: boolean): readonly AnyStage[] {
  const trap: Stage<TrapState, 'bandit'> = {
    ...{ name: 'bandit', logicVersion: bandit.logicVersion, onFault: 'stop' },
    initialState: () => NO_BARS,
    apply: (state, { entry }) => {
      const bar = entry?.bar ?? null;
      if (bar === null) return { state, part: nothing };
      const made = afterTrapBar(state, inPoints(bar));
      const { signal } = made;
      const taken = signal !== null && (!asks || bar.last_trade_dir === signal.side);
      return {
        state: made.state,
        part: taken ? setupPart(bar, signal.side, signal.stop, signal.target) : nothing,
      };
    },
    faulted: () => nothing,
  };
  return LINE.map((stage) => (stage.name === 'bandit' ? (trap as AnyStage) : stage));
}

describe('the rule of the original in the line', () => {
  const OPTIONS = { data: [], symbol: [], from: 20_250_410, to: 20_250_410, warmup: 1 };
  const signal = new AbortController().signal;
  const sourceOf = async (looks: boolean): Promise<CutSource> => {
    const plan = await samplePlan(OPTIONS);
    const inputs = (cut_us: number | null) => (cut_us === null ? plan.batches() : plan.batches(cut_us));
    return {
      book: plan.book,
      stages: trapLine(looks),
      infer: plan.models.infer,
      inputs: (cut_us) => (looks ? confirmed(inputs(cut_us)) : inputs(cut_us)),
    };
  };
  /** Closes of the bars at which a setup was chosen. */
  async function chosen(
    { book, stages, infer, inputs }: CutSource,
    cut_us: number | null,
  ): Promise<number[]> {
    const times: number[] = [];
    await runBacktest({
      ...{ book, stages, infer, inputs: inputs(cut_us), signal },
      onFrame: ({ bandit, entry }) => {
        if (bandit?.chosen === 0 && entry?.bar) times.push(entry.bar.open_us + entry.bar.interval_us);
      },
    });
    return times;
  }

  it(
    'sees nothing of what is to come in a frame: without the column no cut changes anything',
    async () => {
      const result = await compareCuts(await sourceOf(false), { cuts: 1, seed: 'trap' }, signal);
      expect(result).toMatchObject({ cuts: 1, differences: [] });
    },
    TIMEOUT_MS,
  );

  it(
    'is caught by cutting the data where the column was joined to its bars',
    async () => {
      const source = await sourceOf(true);
      const result = await compareCuts(source, { cuts: 1, seed: 'trap' }, signal);
      expect(result.differences).toHaveLength(1);
      const [first] = await chosen(source, null);
      expect(first).toBeDefined();
      // Where the data end with that bar, nothing confirms it, and it is not chosen.
      expect(await chosen(source, first ?? null)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
