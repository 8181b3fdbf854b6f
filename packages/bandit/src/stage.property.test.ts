// Goal: whatever comes, in whatever order, the bandit never chooses where a trade is open or on its way, its
// probabilities are whole, its state stays bounded, and a snapshot taken anywhere goes on the same way.
import { describe, expect, it } from '@jest/globals';
import {
  FillLeg,
  ReasonCode,
  RegimeState,
  Selection,
  Strategy,
  decodeFrame,
  encodeFrame,
  type BanditPart,
  type Entry,
  type Frame,
  type PortfolioPart,
} from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import {
  aBarEntry,
  aBookConfig,
  aClockEntry,
  aClosedTrade,
  aFeaturesPart,
  aFillEntry,
  aForecastPart,
  aFrame,
  aPortfolioPart,
  aPosition,
  aRegimePart,
  aReleaseEntry,
  aSignalEntry,
  aSqueeze,
  aWorkingOrder,
  anAbandonEntry,
  anOrderEndEntry,
  anOrderEntry,
  atMinute,
  deepFreeze,
  firstDifference,
  restored,
  theIndicators,
} from '@bellwether/testkit';
import { REWARDED_MAX, stage, type BanditStageState } from './index.js';

const SYMBOLS = ['ES', 'NQ'] as const;
const FRAMES = 250;

/** A book's frames, most of them ready for a choice; nothing in them is consistent with what was chosen. */
function frames(seed: string): readonly Frame[] {
  const uniform = uniformSource(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(uniform() * items.length)]!;
  const all: Frame[] = [aFrame({ entry: aReleaseEntry() })];
  for (let seq = 2; seq <= FRAMES; seq++) {
    const minute = 960 + Math.floor(seq / 4);
    const symbol = pick(SYMBOLS);
    const decision_id = `paper-es-${seq - 1 - Math.floor(uniform() * 3)}`;
    const entry: Entry = pick([
      () => aBarEntry({ symbol, open_us: atMinute(minute - 1), open_ticks: 26_385, close_ticks: 26_388 }),
      () => aBarEntry({ symbol, open_us: atMinute(minute - 1), open_ticks: 26_385, close_ticks: 26_388 }),
      () => aSignalEntry({ signal_id: `s-${seq}`, symbol }, { event_us: atMinute(minute) }),
      () => aFillEntry({ fill_id: `f-${seq}`, decision_id, symbol }),
      () => anOrderEntry({ decision_id, symbol }),
      () => anOrderEndEntry({ decision_id, symbol }),
      () => anAbandonEntry(`s-${seq - 1}`),
      () => aClockEntry({ boundary_us: atMinute(minute) }),
    ])();
    const strategy = pick([Strategy.S2, Strategy.S3]);
    const fresh = aClosedTrade({
      decision_id: `paper-es-${seq}`,
      strategy,
      symbol,
      net_r: uniform() * 8 - 3,
    });
    const portfolio: PortfolioPart = aPortfolioPart({
      positions: uniform() < 0.1 ? [aPosition({ symbol: pick(SYMBOLS), strategy, decision_id })] : [],
      working: uniform() < 0.1 ? [aWorkingOrder({ symbol: pick(SYMBOLS) })] : [],
      closed: uniform() < 0.2 ? [{ ...fresh, exit_leg: pick([FillLeg.STOP, FillLeg.TARGET]) }] : [],
    });
    const indicators = theIndicators({
      vwap_ticks: 26_408.6,
      vwap_z_prev: -2.1,
      atr14_m5_ticks: 20,
      low3_ticks: 26_380,
      squeeze: uniform() < 0.5 ? aSqueeze() : null,
    });
    all.push(
      aFrame({
        seq,
        entry,
        features: aFeaturesPart({
          symbol,
          indicators,
          vector: null,
          last_close_us: atMinute(minute),
          reason: uniform() < 0.05 ? ReasonCode.STALE_BAR : ReasonCode.OK,
        }),
        regime: aRegimePart({ state: RegimeState.CALM_TREND, gate_open: uniform() < 0.9 }),
        forecast: aForecastPart(),
        portfolio,
      }),
    );
  }
  return all;
}

function expectAllowed(part: BanditPart, before: BanditStageState, frame: Frame): void {
  const sum = part.candidates.reduce((total, { probability }) => total + probability, 0);
  expect(sum).toBeCloseTo(1, 12);
  expect(part.candidates[part.chosen ?? -1]).toBeDefined();
  const symbol = part.candidates[0]?.setup?.symbol;
  expect(frame.portfolio?.positions.some((position) => position.symbol === symbol)).toBe(false);
  expect(frame.portfolio?.working.some((order) => order.symbol === symbol)).toBe(false);
  expect(before.choices.filter((choice) => choice.symbol === symbol && choice.bars_left === 2)).toEqual([]);
}

describe('the bandit over whole books', () => {
  it.each(['a', 'b', 'c'])('keeps its promises in book %s', (seed) => {
    let state = stage.initialState();
    let choices = 0;
    const rewarded = new Set<string>();
    for (const frame of frames(seed)) {
      const before = deepFreeze(state);
      const applied = stage.apply(before, deepFreeze(frame), []);
      const again = stage.apply(restored(before), restored(frame), []);
      expect(firstDifference(applied, again)).toBeNull();
      if (applied.part.chosen !== null) {
        choices++;
        expectAllowed(applied.part, before, frame);
      }
      for (const { decision_id } of frame.portfolio?.closed ?? []) rewarded.add(decision_id);
      state = applied.state;
      expect(new Set(state.choices.map(({ symbol }) => symbol)).size).toBe(state.choices.length);
      expect(state.rewarded.length).toBeLessThanOrEqual(REWARDED_MAX);
      expect(state.bars.length).toBeLessThanOrEqual(SYMBOLS.length);
      expect(state.days.length).toBeLessThanOrEqual(2 * SYMBOLS.length);
    }
    expect(choices).toBeGreaterThan(10);
    expect(state.arms.reduce((total, { count }) => total + count, 0)).toBe(rewarded.size);
  });
});

/** The frame with the trade of a choice that waits for its reward, where one does. */
function withRewardOf(state: BanditStageState, frame: Frame): Frame {
  const [context] = state.linear.contexts;
  const [trade] = frame.portfolio?.closed ?? [];
  if (context === undefined || trade === undefined || frame.portfolio === null) return frame;
  const { decision_id, strategy, symbol } = context;
  const closed = [{ ...trade, decision_id, strategy, symbol }];
  return { ...frame, portfolio: { ...frame.portfolio, closed } };
}

/** A release whose bandit chooses so. */
function releaseWith(selection: Selection): Frame {
  const config = aBookConfig();
  const bandit = config.bandit === null ? null : { ...config.bandit, selection };
  return aFrame({ entry: aReleaseEntry({ ...config, bandit }) });
}

describe('the state of the bandit', () => {
  const { UCB1, REGIME_MAP, LINUCB, UNIFORM } = Selection;

  it.each([UCB1, REGIME_MAP, LINUCB, UNIFORM])(
    'rebuilt from the bytes of the journal is the live one, selection %d',
    (selection) => {
      let live = stage.initialState();
      const journal: Uint8Array[] = [];
      const [, ...rest] = frames(`selection ${selection}`);
      for (const made of [releaseWith(selection), ...rest]) {
        const frame = withRewardOf(live, made);
        journal.push(encodeFrame(frame));
        live = stage.apply(live, frame, []).state;
      }
      const rebuilt = journal.reduce(
        (state, bytes) => stage.apply(state, decodeFrame(bytes), []).state,
        stage.initialState(),
      );
      expect(firstDifference(rebuilt, live)).toBeNull();
      expect(live.linear.models.length).toBeGreaterThan(0);
      expect(live.linear.contexts.length).toBeLessThanOrEqual(SYMBOLS.length);
    },
  );
});
