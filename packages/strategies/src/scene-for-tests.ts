import { describe, expect, it } from '@jest/globals';
import {
  ReasonCode,
  RegimeState,
  STRATEGY_DEFAULTS,
  Side,
  type Bar,
  type CashReadings,
  type Indicators,
  type MarketClock,
  type PriceRange,
  type Setup,
  type Sweep,
} from '@bellwether/contracts';
import { aBar, aMarketClock, atMinute, deepFreeze, theIndicators } from '@bellwether/testkit';
import { NO_READINGS } from './stream-rules.js';
import type { Evaluation, StrategyContext } from './strategy.js';

/** What a test says of the market; the rest is a quiet one. */
export interface Scene {
  readonly minute?: number;
  readonly bar?: Partial<Bar>;
  readonly clock?: Partial<MarketClock>;
  readonly indicators?: Partial<Indicators>;
  readonly cash?: Partial<CashReadings>;
  readonly context?: Partial<StrategyContext>;
}

export const NO_CASH: CashReadings = {
  adr_ticks: 200,
  volume_so_far_log2: 0.5,
  usual_return: 0.0001,
  return5: 0,
  high5_ticks: 26_410,
  low5_ticks: 26_390,
  high_prev_ticks: 26_402,
  low_prev_ticks: 26_396,
  move30_ticks: 0,
  er60: 0.1,
  box60: null,
  m5: null,
  pullback: null,
  session: { open_ticks: 26_400, high_ticks: 26_420, low_ticks: 26_380, close_ticks: 26_400 },
  prior_high_ticks: 26_500,
  prior_low_ticks: 26_300,
  prior_close_ticks: 26_400,
  opening: null,
  balance: null,
  balance_width_median_ticks: 80,
  vwap_run: null,
  sweep_high: null,
  sweep_low: null,
};

/** Two scenes, the second over the first. */
export function over(base: Scene, scene: Scene): Scene {
  return {
    minute: scene.minute ?? base.minute ?? 1_021,
    bar: { ...base.bar, ...scene.bar },
    clock: { ...base.clock, ...scene.clock },
    indicators: { ...base.indicators, ...scene.indicators },
    cash: { ...base.cash, ...scene.cash },
    context: { ...base.context, ...scene.context },
  };
}

/** A bar of ES that has just closed, at 10:01 where nothing else is said. */
export function contextOf(scene: Scene): StrategyContext {
  const minute = scene.minute ?? 1_021;
  return deepFreeze({
    symbol: 'ES',
    event_us: atMinute(minute),
    bar: aBar({ open_us: atMinute(minute - 1), ...scene.bar }),
    clock: aMarketClock({ session_minute: minute, ...scene.clock }),
    indicators: theIndicators({
      atr14_ticks: 8,
      atr14_m5_ticks: 20,
      cash: { ...NO_CASH, ...scene.cash },
      ...scene.indicators,
    }),
    regime: RegimeState.CALM_TREND,
    tick_value_cents: 1_250,
    round_trip_cost_cents: 2_780,
    parameters: STRATEGY_DEFAULTS,
    releases: null,
    zones: null,
    streams: NO_READINGS,
    ...scene.context,
  });
}

const MIRROR_TICKS = 26_400;
const flip = (ticks: number): number => 2 * MIRROR_TICKS - ticks;
const flipKnown = (ticks: number | null): number | null => (ticks === null ? null : flip(ticks));
const negated = (value: number | null): number | null => (value === null ? null : 0 - value);
const otherSide = (side: Side): Side => (side === Side.LONG ? Side.SHORT : Side.LONG);

function flippedRange(range: PriceRange | null): PriceRange | null {
  if (range === null) return null;
  return {
    open_ticks: flip(range.open_ticks),
    high_ticks: flip(range.low_ticks),
    low_ticks: flip(range.high_ticks),
    close_ticks: flip(range.close_ticks),
  };
}

function flippedSweep(sweep: Sweep | null): Sweep | null {
  return sweep === null ? null : { ...sweep, extreme_ticks: flip(sweep.extreme_ticks) };
}

function flippedCash(cash: CashReadings): CashReadings {
  const { m5, box60, vwap_run, pullback } = cash;
  return {
    ...cash,
    return5: negated(cash.return5),
    high5_ticks: flipKnown(cash.low5_ticks),
    low5_ticks: flipKnown(cash.high5_ticks),
    high_prev_ticks: flipKnown(cash.low_prev_ticks),
    low_prev_ticks: flipKnown(cash.high_prev_ticks),
    move30_ticks: negated(cash.move30_ticks),
    box60:
      box60 === null
        ? null
        : {
            high_ticks: flip(box60.low_ticks),
            low_ticks: flip(box60.high_ticks),
            touches_high: box60.touches_low,
            touches_low: box60.touches_high,
          },
    m5:
      m5 === null
        ? null
        : {
            ...m5,
            bar: flippedRange(m5.bar),
            ema9_ticks: flipKnown(m5.ema9_ticks),
            ema21_ticks: flipKnown(m5.ema21_ticks),
            ema21_slope6_ticks: negated(m5.ema21_slope6_ticks),
          },
    pullback:
      pullback === null
        ? null
        : { ...pullback, side: otherSide(pullback.side), extreme_ticks: flip(pullback.extreme_ticks) },
    session: flippedRange(cash.session),
    prior_high_ticks: flipKnown(cash.prior_low_ticks),
    prior_low_ticks: flipKnown(cash.prior_high_ticks),
    prior_close_ticks: flipKnown(cash.prior_close_ticks),
    opening: flippedRange(cash.opening),
    balance: flippedRange(cash.balance),
    vwap_run:
      vwap_run === null
        ? null
        : {
            above30: vwap_run.below30,
            below30: vwap_run.above30,
            high5_z: -vwap_run.low5_z,
            low5_z: -vwap_run.high5_z,
            close5_max_z: -vwap_run.close5_min_z,
            close5_min_z: -vwap_run.close5_max_z,
          },
    sweep_high: flippedSweep(cash.sweep_low),
    sweep_low: flippedSweep(cash.sweep_high),
  };
}

function flippedIndicators(all: Indicators): Indicators {
  const { squeeze, cash } = all;
  return {
    ...all,
    vwap_ticks: flipKnown(all.vwap_ticks),
    vwap_z: negated(all.vwap_z),
    vwap_z_prev: negated(all.vwap_z_prev),
    vwap_slope15_ticks: negated(all.vwap_slope15_ticks),
    ema9_ticks: flipKnown(all.ema9_ticks),
    ema21_ticks: flipKnown(all.ema21_ticks),
    high3_ticks: flipKnown(all.low3_ticks),
    low3_ticks: flipKnown(all.high3_ticks),
    squeeze:
      squeeze === null
        ? null
        : {
            ...squeeze,
            box_high_ticks: flip(squeeze.box_low_ticks),
            box_low_ticks: flip(squeeze.box_high_ticks),
            momentum_ticks: negated(squeeze.momentum_ticks),
          },
    cash: cash === null ? null : flippedCash(cash),
  };
}

/** The same market seen in a mirror at 26,400: what rose falls. */
export function mirrored(context: StrategyContext): StrategyContext {
  const { bar, zones } = context;
  return {
    ...context,
    bar: {
      ...bar,
      open_ticks: flip(bar.open_ticks),
      high_ticks: flip(bar.low_ticks),
      low_ticks: flip(bar.high_ticks),
      close_ticks: flip(bar.close_ticks),
    },
    indicators: flippedIndicators(context.indicators),
    zones:
      zones === null
        ? null
        : zones.map((zone) => ({
            ...zone,
            side: otherSide(zone.side),
            proximal_ticks: flip(zone.proximal_ticks),
            distal_ticks: flip(zone.distal_ticks),
          })),
  };
}

function mirroredSetup(setup: Setup): Setup {
  return {
    ...setup,
    side: otherSide(setup.side),
    entry_ticks: flip(setup.entry_ticks),
    stop_ticks: flip(setup.stop_ticks),
    target_ticks: flipKnown(setup.target_ticks),
  };
}

export const setupOf = (evaluation: Evaluation): Setup | null =>
  'setup' in evaluation ? evaluation.setup : null;
export const reasonOf = (evaluation: Evaluation): ReasonCode | null =>
  'reason' in evaluation ? evaluation.reason : null;

export interface StrategyStory {
  readonly name: string;
  readonly evaluate: (context: StrategyContext) => Evaluation;
  /** In this one it fires, with this setup. */
  readonly scene: Scene;
  readonly setup: Setup;
  /** Scenes over the first one in which it still fires, with what is different. */
  readonly fires: readonly (readonly [string, Scene, Partial<Setup>])[];
  /** Scenes over the first one in which it does not. */
  readonly refusals: readonly (readonly [string, ReasonCode, Scene])[];
  readonly offIn: readonly RegimeState[];
  /** First and last minute of the window. */
  readonly window: readonly [number, number];
  /** What it cannot do without. */
  readonly inputs: readonly (keyof Indicators)[];
  readonly cashInputs: readonly (keyof CashReadings)[];
}

/** What every strategy keeps, and what this one does in the scenes of its story: each also in the mirror. */
export function tellStory(story: StrategyStory): void {
  const { name, evaluate, scene, setup } = story;
  const asked = (extra: Scene): Evaluation => evaluate(contextOf(over(scene, extra)));
  const inMirror = (extra: Scene): Evaluation => evaluate(mirrored(contextOf(over(scene, extra))));

  describe(`${name} fires`, () => {
    it('with entry, stop, targets and times', () => {
      expect(asked({})).toEqual({ setup });
    });

    it('on the other side in the mirror', () => {
      expect(inMirror({})).toEqual({ setup: mirroredSetup(setup) });
    });

    it.each(story.fires)('%s', (_name, extra, part) => {
      const own = setupOf(asked(extra));
      expect(own).toMatchObject(part);
      expect(setupOf(inMirror(extra))).toEqual(own === null ? null : mirroredSetup(own));
    });
  });

  describe(`${name} does not fire`, () => {
    it.each(story.refusals)('%s', (_name, reason, extra) => {
      expect(asked(extra)).toEqual({ reason });
      expect(inMirror(extra)).toEqual({ reason });
    });

    it('in the regimes in which it is off', () => {
      const answers = story.offIn.map((regime) => asked({ context: { regime } }));
      expect(answers).toEqual(answers.map(() => ({ reason: ReasonCode.STRATEGY_OFF_IN_REGIME })));
    });

    it('in an unknown regime', () => {
      const unknown = { context: { regime: RegimeState.UNKNOWN } };
      expect(asked(unknown)).toEqual({ reason: ReasonCode.STRATEGY_OFF_IN_REGIME });
    });

    it.each([
      ['before its window', { clock: { session_minute: story.window[0] - 1 } }],
      ['after its window', { clock: { session_minute: story.window[1] + 1 } }],
      ['outside the session', { clock: { in_session: false } }],
      ['an hour before the end of a short day', { clock: { close_minute: (scene.minute ?? 1_021) + 60 } }],
    ])('%s', (_name, extra) => {
      expect(asked(extra)).toEqual({ reason: ReasonCode.OUTSIDE_WINDOW });
    });

    it.each([
      ['two minutes before a release', { minutes_to_next: 2, minutes_since_last: null, this_morning: false }],
      ['in the five minutes after it', { minutes_to_next: null, minutes_since_last: 4, this_morning: false }],
    ])('%s', (_name, releases) => {
      expect(asked({ context: { releases } })).toEqual({ reason: ReasonCode.EVENT_NEAR });
    });

    it.each([...story.inputs])('without %s', (input) => {
      expect(asked({ indicators: { [input]: null } })).toEqual({ reason: ReasonCode.INDICATOR_MISSING });
    });

    it.each([...story.cashInputs])('without %s of the cash session', (input) => {
      expect(asked({ cash: { [input]: null } })).toEqual({ reason: ReasonCode.INDICATOR_MISSING });
    });
  });
}
