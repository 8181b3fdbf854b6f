/** How the price of the tail follows how far it is beyond its limit. */
export interface MultiplierOptions {
  /** Of the excess as a share of the limit, at once. @defaultValue 0.2 */
  readonly proportional?: number;
  /** Of the excess of each batch, for ever. @defaultValue 0.004 */
  readonly integral?: number;
}

/** Plain data: a training that is interrupted goes on with the same price. */
export interface MultiplierState {
  readonly integral: number;
  /** The price lambda, 0 where the limit is slack. */
  readonly lambda: number;
}

export const NO_PRICE: MultiplierState = { integral: 0, lambda: 0 };

const PROPORTIONAL = 0.2;
const INTEGRAL = 0.004;
/** A single bad batch does not count for more than this much of the limit. */
const EXCESS_MAX = 1;

/**
 * Price of the tail after a batch, by a proportional and an integral part of its relative excess (Stooke, Achiam, Abbeel 2020,
 * arXiv 2007.03964). Dual ascent alone, the integral part, swings about the limit and was seen to collapse.
 */
export function nextMultiplier(
  { integral: before }: MultiplierState,
  cvar: number,
  limit: number,
  { proportional = PROPORTIONAL, integral: rate = INTEGRAL }: MultiplierOptions = {},
): MultiplierState {
  const excess = (cvar - limit) / limit;
  const integral = Math.max(0, before + rate * excess);
  return { integral, lambda: Math.max(0, integral + proportional * Math.min(EXCESS_MAX, excess)) };
}
