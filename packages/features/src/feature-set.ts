/**
 * The 43 features of domain.md 4.3 in their order. The order, which of them are computed, and the bar
 * interval are the schema that a model is trained on; its hash goes with every vector.
 */

export const FEATURE_SET_VERSION = 'v1-partial';

/**
 * `warm_up_bars`: bars of one unbroken run before the first value. Null where this set does not compute the
 * feature.
 */
export interface FeatureDefinition {
  readonly code: string;
  readonly name: string;
  readonly warm_up_bars: number | null;
}

const computed = (code: string, name: string, warm_up_bars: number): FeatureDefinition => ({
  code,
  name,
  warm_up_bars,
});
const absent = (code: string, name: string): FeatureDefinition => ({ code, name, warm_up_bars: null });

export const FEATURES: readonly FeatureDefinition[] = [
  computed('P1', 'ret1', 61),
  computed('P2', 'ret5', 61),
  computed('P3', 'ret15', 61),
  computed('P4', 'ret60', 61),
  absent('P5', 'sinceOpen'),
  absent('P6', 'gap'),
  absent('P7', 'dayPos'),
  absent('P8', 'priorPos'),
  computed('P9', 'body', 1),
  computed('P10', 'wick', 1),
  absent('P11', 'rangeRel'),
  absent('P12', 'vol15Rel'),
  absent('V1', 'volRel'),
  absent('V2', 'cumVolRel'),
  absent('V3', 'vwapZ'),
  absent('V4', 'vwapSlope'),
  absent('V5', 'bvc1'),
  absent('V6', 'bvc30'),
  absent('V7', 'cmf20'),
  absent('V8', 'absRetVolCorr'),
  computed('T1', 'rsi14', 100),
  absent('T2', 'rsi14m5'),
  absent('T3', 'macdHist'),
  absent('T4', 'macdM5'),
  computed('T5', 'pctB', 20),
  absent('T6', 'bbwRank'),
  absent('T7', 'atrRatio'),
  absent('T8', 'adx14'),
  absent('T9', 'diDiff'),
  absent('T10', 'stochK'),
  absent('T11', 'stochKD'),
  absent('T12', 'emaStack'),
  absent('T13', 'emaDist'),
  absent('T14', 'squeeze'),
  absent('T15', 'squeezeMom'),
  // R1 also needs 20 full sessions of its profile.
  computed('R1', 'volPct', 31),
  computed('R2', 'effRatio', 31),
  absent('R3', 'varRatio'),
  absent('R4', 'chop'),
  computed('M1', 'todSin', 1),
  computed('M2', 'todCos', 1),
  computed('M3', 'dow', 1),
  absent('M4', 'event'),
];

/** Names by index of {@link FEATURES}. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map((feature) => feature.name);

export const ONE_MINUTE_US = 60_000_000;
export const FIVE_MINUTES_US = 300_000_000;

/** The text that the schema hash is taken of. */
export function schemaText(bar_interval_us: number): string {
  const lines = FEATURES.map(({ code, name, warm_up_bars }, index) =>
    [index, code, name, warm_up_bars === null ? 'absent' : `after ${warm_up_bars}`].join(' '),
  );
  return [FEATURE_SET_VERSION, `bar_interval_us ${bar_interval_us}`, ...lines].join('\n');
}

/** SHA-256 of {@link schemaText}, frozen: pure code has no hash function. A test computes it anew. */
const SCHEMA_SHA256: ReadonlyMap<number, string> = new Map([
  [ONE_MINUTE_US, '8fa593d9b0b453fe88db8729ce4ac2bb58efaf22e6f2a1083c1729025113c1cf'],
  [FIVE_MINUTES_US, 'cba0387b9c535d2336b205f452b8e809482900c56e93d2e8c8c0c99fde41e83d'],
]);

/** Schema hash of a book's bar interval, or null for an interval other than one or five minutes. */
export function schemaSha256(bar_interval_us: number): string | null {
  return SCHEMA_SHA256.get(bar_interval_us) ?? null;
}
