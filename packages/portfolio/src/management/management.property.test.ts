import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EntryKind,
  FillLeg,
  ReasonCode,
  RegimeState,
  Side,
  TradeAction,
  type Entry,
  type Frame,
  type ManagementConfig,
  type TradeManagement,
} from '@bellwether/contracts';
import {
  aBarEntry,
  aBookConfig,
  aFeaturesPart,
  aFillEntry,
  aFrame,
  aRegimePart,
  aReleaseEntry,
  anOrderEntry,
  theIndicators,
  atMinute,
} from '@bellwether/testkit';
import { stage } from '../stage.js';
import type { PortfolioState } from '../state.js';

const MANAGEMENT: ManagementConfig = {
  ...{ trail_atr_calm: 1.5, trail_atr_highvol_chop: 2, trail_atr_highvol_trend: 2.5 },
  ...{ take_partial_r: 1.5, trail_from_r: 1, tighten_from_r: 0.6, tighten_kept_share: 0.4 },
  close_regime_left_r: -0.25,
};

interface GeneratedBar {
  readonly step: number;
  readonly up: number;
  readonly down: number;
  readonly atr: number | null;
  readonly regime: RegimeState;
}

interface GeneratedTrade {
  readonly side: Side;
  readonly quantity: number;
  readonly risk_ticks: number;
  readonly bars: readonly GeneratedBar[];
}

const ENTRY_TICKS = 24_000;

const bar: fc.Arbitrary<GeneratedBar> = fc.record({
  step: fc.integer({ min: -14, max: 14 }),
  up: fc.integer({ min: 0, max: 8 }),
  down: fc.integer({ min: 0, max: 8 }),
  atr: fc.option(fc.integer({ min: 4, max: 60 }), { freq: 12, nil: null }),
  regime: fc.constantFrom(
    ...[RegimeState.CALM_CHOP, RegimeState.CALM_CHOP, RegimeState.CALM_CHOP],
    ...[RegimeState.CALM_TREND, RegimeState.HIGHVOL_CHOP, RegimeState.HIGHVOL_TREND, RegimeState.UNKNOWN],
  ),
});

const generatedTrade: fc.Arbitrary<GeneratedTrade> = fc.record({
  side: fc.constantFrom(Side.LONG, Side.SHORT),
  quantity: fc.integer({ min: 1, max: 5 }),
  risk_ticks: fc.integer({ min: 8, max: 40 }),
  bars: fc.array(bar, { minLength: 3, maxLength: 60 }),
});

const MINUTE = 992;

/** The entries of a trade that is never closed: order, fill at 24,000, then its bars. */
function framesOf(trade: GeneratedTrade, management: ManagementConfig | null = MANAGEMENT): Frame[] {
  const sign = trade.side === Side.LONG ? 1 : -1;
  const { side, quantity } = trade;
  const stop_ticks = ENTRY_TICKS - sign * trade.risk_ticks;
  const opening: readonly Entry[] = [
    aReleaseEntry(aBookConfig({ management })),
    anOrderEntry({
      side,
      quantity,
      stop_ticks,
      target_ticks: null,
      tp1_quantity: null,
      tp1_r: null,
      time_stop_us: null,
    }),
    aFillEntry({
      ...{ side, quantity, price_ticks: ENTRY_TICKS, fill_us: atMinute(MINUTE), leg: FillLeg.ENTRY },
    }),
  ];
  let close = ENTRY_TICKS;
  const bars = trade.bars.map((item, i) => {
    const open = close;
    close += sign * item.step;
    const entry = aBarEntry({
      ...{ open_us: atMinute(MINUTE + i), open_ticks: open, close_ticks: close },
      ...{ high_ticks: Math.max(open, close) + item.up, low_ticks: Math.min(open, close) - item.down },
    });
    return aFrame({
      entry,
      features: aFeaturesPart({ indicators: theIndicators({ atr14_m5_ticks: item.atr }) }),
      regime: aRegimePart({ state: item.regime }),
    });
  });
  return [...opening.map((entry) => aFrame({ entry })), ...bars];
}

function isBar(frame: Frame): boolean {
  return frame.entry?.kind === EntryKind.BAR;
}

interface Step {
  readonly state: PortfolioState;
  readonly item: TradeManagement;
  readonly frame: Frame;
  readonly exits: readonly (number | null)[];
}

function run(frames: readonly Frame[]): readonly Step[] {
  const steps: Step[] = [];
  let state = stage.initialState();
  for (const frame of frames) {
    const applied = stage.apply(state, frame, []);
    ({ state } = applied);
    const [item] = applied.part.management;
    const exits = applied.part.exits.map(({ quantity }) => quantity);
    if (isBar(frame) && item !== undefined) steps.push({ state, item, frame, exits });
  }
  return steps;
}

const RUNS = 400;
const SEED = 20_251_122;
const ACTIONS = [
  ...[TradeAction.HOLD, TradeAction.TAKE_PARTIAL_25, TradeAction.TRAIL_ATR],
  ...[TradeAction.TRAIL_STRUCTURE, TradeAction.TIGHTEN, TradeAction.CLOSE],
];

describe('Trade management on generated trades', () => {
  it('never loosens a stop, whatever the price, the ATR and the regime do', () => {
    fc.assert(
      fc.property(generatedTrade, (trade) => {
        const sign = trade.side === Side.LONG ? 1 : -1;
        let last = ENTRY_TICKS - sign * trade.risk_ticks;
        for (const { item, state } of run(framesOf(trade))) {
          const stop = state.positions[0]?.stop_ticks ?? Number.NaN;
          expect(item.stop_after_ticks).toBe(stop);
          expect(sign * (stop - last)).toBeGreaterThanOrEqual(0);
          last = stop;
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('takes only actions that the mask allows, one for each bar, and says why', () => {
    fc.assert(
      fc.property(generatedTrade, (trade) => {
        const steps = run(framesOf(trade));
        expect(steps).toHaveLength(trade.bars.length);
        for (const { item } of steps) {
          expect(item.permitted).toContain(item.action);
          expect(item.permitted[0]).toBe(TradeAction.HOLD);
          expect(item.reason).not.toBe(ReasonCode.UNSPECIFIED);
          if (item.action === TradeAction.TAKE_PARTIAL_25) {
            expect(trade.quantity - item.close_quantity).toBeGreaterThanOrEqual(1);
          }
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('does nothing more once an exit is wanted, and asks for it until it is done', () => {
    fc.assert(
      fc.property(generatedTrade, (trade) => {
        const steps = run(framesOf(trade));
        const first = steps.findIndex(({ item }) => item.close_quantity > 0);
        if (first < 0) return;
        for (const { item, exits } of steps.slice(first + 1)) {
          expect(item).toMatchObject({ action: TradeAction.HOLD, reason: ReasonCode.EXIT_UNDER_WAY });
          expect(exits).toHaveLength(1);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('keeps a new stop on the losing side of the close', () => {
    fc.assert(
      fc.property(generatedTrade, (trade) => {
        const sign = trade.side === Side.LONG ? 1 : -1;
        for (const { item, frame } of run(framesOf(trade))) {
          if (item.stop_after_ticks === item.stop_before_ticks) continue;
          const close = frame.entry?.bar?.close_ticks ?? 0;
          expect(sign * (close - (item.stop_after_ticks ?? 0))).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('reaches every action by its rules', () => {
    const taken = new Map<TradeAction, number>();
    for (const trade of fc.sample(generatedTrade, { numRuns: RUNS, seed: SEED })) {
      for (const { item } of run(framesOf(trade))) taken.set(item.action, (taken.get(item.action) ?? 0) + 1);
    }
    expect(ACTIONS.filter((action) => (taken.get(action) ?? 0) === 0)).toEqual([]);
  });

  it('holds at every bar where the book has none', () => {
    fc.assert(
      fc.property(generatedTrade, (trade) => {
        const steps = run(framesOf(trade, null));
        expect(steps.every(({ item }) => item.action === TradeAction.HOLD)).toBe(true);
        expect(new Set(steps.map(({ item }) => item.stop_after_ticks)).size).toBe(1);
      }),
      { numRuns: 50, seed: SEED },
    );
  });

  it('is the same after a restart at any bar', () => {
    fc.assert(
      fc.property(generatedTrade, fc.nat(), (trade, cut) => {
        const frames = framesOf(trade);
        const at = cut % frames.length;
        let state = stage.initialState();
        const parts: unknown[] = [];
        frames.forEach((frame, i) => {
          if (i === at) state = JSON.parse(JSON.stringify(state)) as PortfolioState;
          const applied = stage.apply(state, frame, []);
          ({ state } = applied);
          parts.push(applied.part.management);
        });
        const whole: unknown[] = [];
        let other = stage.initialState();
        for (const frame of frames) {
          const applied = stage.apply(other, frame, []);
          other = applied.state;
          whole.push(applied.part.management);
        }
        expect(parts).toEqual(whole);
      }),
      { numRuns: 50, seed: SEED },
    );
  });
});
