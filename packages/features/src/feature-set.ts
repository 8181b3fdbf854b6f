/**
 * The 43 features of domain.md 4.3 in their order. Order, names, warm-up and bar interval are the schema that a model is
 * trained on; its hash goes with every vector.
 */

export const FEATURE_SET_VERSION = 'v1';

export const ONE_MINUTE_US = 60_000_000;
export const FIVE_MINUTES_US = 300_000_000;

export interface FeatureDefinition {
  readonly code: string;
  readonly name: string;
  /** Bars of one unbroken run before the first value, in a one-minute book. */
  readonly warm_up_bars: number;
  /** Computed from completed five-minute bars: in a five-minute book its warm-up is a fifth as many bars. */
  readonly five_minute: boolean;
  /** Full sessions that must have ended before. */
  readonly warm_up_sessions: number;
  readonly needs_volume: boolean;
  /**
   * Bars after which a longer history changes nothing any more, where the first values come before: V4 is told from the
   * 15th bar on, and the ATR that it is measured in remembers about 100.
   */
  readonly settles_after_bars: number;
  /**
   * Full sessions after which a longer history changes nothing any more; 0 where the warm-up is long enough for that. R1
   * ranks among 20 sessions at first and among 60 later; the first of a run has no RV30 in its first hours.
   * V2 compares with 20, the first of which has no volume since 17:00 where no bar begins just then.
   */
  readonly settles_after_sessions: number;
}

type Needs = Partial<Omit<FeatureDefinition, 'code' | 'name' | 'warm_up_bars'>>;

function feature(code: string, name: string, warm_up_bars: number, needs: Needs = {}): FeatureDefinition {
  return {
    code,
    name,
    warm_up_bars,
    five_minute: needs.five_minute ?? false,
    warm_up_sessions: needs.warm_up_sessions ?? 0,
    needs_volume: needs.needs_volume ?? false,
    settles_after_bars: needs.settles_after_bars ?? 0,
    settles_after_sessions: needs.settles_after_sessions ?? 0,
  };
}

const volume = { needs_volume: true };
const days20 = { warm_up_sessions: 20 };
const fiveMinute = { five_minute: true };

export const FEATURES: readonly FeatureDefinition[] = [
  feature('P1', 'ret1', 61),
  feature('P2', 'ret5', 61),
  feature('P3', 'ret15', 61),
  feature('P4', 'ret60', 61),
  feature('P5', 'sinceOpen', 1, days20),
  feature('P6', 'gap', 1, days20),
  feature('P7', 'dayPos', 1),
  feature('P8', 'priorPos', 1, { warm_up_sessions: 1 }),
  feature('P9', 'body', 1),
  feature('P10', 'wick', 1),
  feature('P11', 'rangeRel', 1, days20),
  feature('P12', 'vol15Rel', 15, days20),
  feature('V1', 'volRel', 1, { ...days20, ...volume }),
  feature('V2', 'cumVolRel', 1, { ...days20, ...volume, settles_after_sessions: 21 }),
  feature('V3', 'vwapZ', 1, volume),
  feature('V4', 'vwapSlope', 15, { ...volume, settles_after_bars: 100 }),
  feature('V5', 'bvc1', 61, volume),
  feature('V6', 'bvc30', 90, volume),
  feature('V7', 'cmf20', 20, volume),
  feature('V8', 'absRetVolCorr', 31, volume),
  feature('T1', 'rsi14', 100),
  feature('T2', 'rsi14m5', 500, fiveMinute),
  feature('T3', 'macdHist', 200),
  feature('T4', 'macdM5', 900, fiveMinute),
  feature('T5', 'pctB', 20),
  feature('T6', 'bbwRank', 140),
  feature('T7', 'atrRatio', 700),
  feature('T8', 'adx14', 200),
  feature('T9', 'diDiff', 100),
  feature('T10', 'stochK', 16),
  feature('T11', 'stochKD', 18),
  feature('T12', 'emaStack', 150),
  feature('T13', 'emaDist', 350),
  feature('T14', 'squeeze', 100),
  feature('T15', 'squeezeMom', 100),
  feature('R1', 'volPct', 31, { ...days20, settles_after_sessions: 61 }),
  feature('R2', 'effRatio', 31),
  feature('R3', 'varRatio', 121),
  feature('R4', 'chop', 31),
  feature('M1', 'todSin', 1),
  feature('M2', 'todCos', 1),
  feature('M3', 'dow', 1),
  feature('M4', 'event', 1),
];

/** Names by index of {@link FEATURES}. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map(({ name }) => name);

/** Bars of one unbroken run before a feature's first value, in a book of this interval. */
export function warmUpBars(feature: FeatureDefinition, bar_interval_us: number): number {
  const { warm_up_bars, five_minute } = feature;
  return five_minute ? Math.ceil((warm_up_bars * ONE_MINUTE_US) / bar_interval_us) : warm_up_bars;
}

/** The text that the schema hash is taken of. */
export function schemaText(bar_interval_us: number): string {
  const lines = FEATURES.map((feature, index) =>
    [
      ...[index, feature.code, feature.name],
      ...['bars', warmUpBars(feature, bar_interval_us), 'sessions', feature.warm_up_sessions],
    ].join(' '),
  );
  return [FEATURE_SET_VERSION, `bar_interval_us ${bar_interval_us}`, ...lines].join('\n');
}

/** SHA-256 of {@link schemaText}, frozen: pure code has no hash function. A test computes it anew. */
const SCHEMA_SHA256: ReadonlyMap<number, string> = new Map([
  [ONE_MINUTE_US, 'c5d6928922cf849e95cccfeb4ace9817b73637419e8c0b991266b9ae62f8d3cf'],
  [FIVE_MINUTES_US, '950857cacd9911125b9e418783259f2b7d4b87384c1b0156359608754cc22825'],
]);

/** Schema hash of a book's bar interval, or null for an interval other than one or five minutes. */
export function schemaSha256(bar_interval_us: number): string | null {
  return SCHEMA_SHA256.get(bar_interval_us) ?? null;
}
