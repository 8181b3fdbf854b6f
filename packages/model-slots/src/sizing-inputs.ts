import type { SizingObservation } from '@bellwether/contracts';

/**
 * What a sizing agent sees and does, for the stage that asks it and every world that it is trained in. R is what one trade of base
 * size may lose at its stop: a constant of the book, so that sums of R are amounts of money. Nothing here is known only after the
 * decision. `mean` and `deviation` are rough: the network is given (value - mean) / deviation.
 */
export const SIZING_OBSERVATIONS = {
  win_probability: {
    unit: 'share',
    meaning: 'calibrated probability that the trade of the chosen setup ends with a net gain',
    ...{ mean: 0.55, deviation: 0.06 },
  },
  volatile: {
    unit: 'share',
    meaning: 'probability that the next half hour is volatile',
    ...{ mean: 0.5, deviation: 0.5 },
  },
  day_r: {
    unit: 'R',
    meaning: 'profit and loss of the session so far, open positions at the last price, costs taken off',
    ...{ mean: 0, deviation: 5 },
  },
  drawdown_r: {
    unit: 'R',
    meaning: 'fall of the account from its highest of the session, 0 or above',
    ...{ mean: 3, deviation: 4 },
  },
  headroom_r: {
    unit: 'R',
    meaning: 'what may be lost before the account reaches its floor',
    ...{ mean: 14, deviation: 6 },
  },
  session_left: {
    unit: 'share',
    meaning: 'part of the session that is left, 1 at its open',
    ...{ mean: 0.5, deviation: 0.3 },
  },
} as const satisfies Record<keyof SizingObservation, unknown>;

/** Order of the numbers in a question. */
export const SIZING_ORDER: readonly (keyof SizingObservation)[] = [
  'win_probability',
  'volatile',
  'day_r',
  'drawdown_r',
  'headroom_r',
  'session_left',
];
export const SIZING_COUNT = SIZING_ORDER.length;

/** Range of the multiplier of the base size (architecture.md section 10). */
export const MULTIPLIER_MIN = 0.1;
export const MULTIPLIER_MAX = 2;

/** What the schema hash of a sizing agent is over: names, units and order of what it sees, and what it says. */
export function sizingSchemaText(): string {
  const seen = SIZING_ORDER.map((name) => `${name} ${SIZING_OBSERVATIONS[name].unit}`);
  return ['sizing 1', ...seen, `multiplier ${MULTIPLIER_MIN} ${MULTIPLIER_MAX}`].join('\n');
}

/** SHA-256 of {@link sizingSchemaText}, frozen: pure code has no hash function. A test computes it anew. */
export const SIZING_SCHEMA_SHA256 = '974bf6a4a837ebab21b7bc0294c303b0f0cbe881973da6e4fc8669e681eb7d5c';

/** The numbers of a question (`features [6]`, `mask [6]`), NaN where the mask says that there is none. */
export function sizingSeen(inputs: Float32Array): Float32Array {
  return inputs
    .subarray(0, SIZING_COUNT)
    .map((value, i) => (inputs[SIZING_COUNT + i] === 0 ? Number.NaN : value));
}

/** `features [6]`, `mask [6]`. */
export function sizingInputs(seen: SizingObservation): Float32Array {
  const inputs = new Float32Array(2 * SIZING_COUNT);
  for (let i = 0; i < SIZING_COUNT; i++) {
    const value = seen[SIZING_ORDER[i]!];
    if (value === null) continue;
    inputs[i] = value;
    inputs[SIZING_COUNT + i] = 1;
  }
  return inputs;
}
