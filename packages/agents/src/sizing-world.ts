import type { ActionSpace, ObservedQuantity } from './environment.js';

/**
 * What a sizing agent sees and does, for every world that it is trained in: the made-up ones here, and the line on history. R is
 * what one trade of base size may lose at its stop: a constant of the book, so that sums of R are amounts of money. Nothing here
 * is known only after the decision.
 */
export const SIZING_OBSERVATIONS = {
  win_probability: {
    unit: 'share',
    meaning: 'calibrated probability that the setup reaches its target before its stop',
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
} as const satisfies Record<string, Omit<ObservedQuantity, 'name'>>;

export type SizingObservation = keyof typeof SIZING_OBSERVATIONS;

/** Order of the numbers in an observation. */
export const SIZING_ORDER = Object.keys(SIZING_OBSERVATIONS) as readonly SizingObservation[];

export const sizingObservations: readonly ObservedQuantity[] = SIZING_ORDER.map((name) => ({
  name,
  ...SIZING_OBSERVATIONS[name],
}));

/** Bounds of the multiplier of the base size (domain.md, 9). */
export const MULTIPLIER_LOW = 0.1;
export const MULTIPLIER_HIGH = 2;

export const MULTIPLIER_ACTION: ActionSpace = {
  ...{ kind: 'range', low: MULTIPLIER_LOW, high: MULTIPLIER_HIGH, unit: '1' },
  meaning: 'multiplier of the base size, before rounding, step limit and caps',
};
