import type { EdgeWorldName, Stretch } from './edge-world.js';

/** The arm with the edge must be chosen in more than this share of the choices in which it was live beside another. */
export const SHARE_MIN = 0.6;
const ERRORS = 2;

/** Stretches of several seeds as one. */
export interface Pooled {
  readonly choices: number;
  /** NaN without a choice. */
  readonly share: number;
  readonly chance: number;
  readonly trades: number;
  readonly mean_r: number;
  /** Standard error of the mean. */
  readonly error_r: number;
}

export function pooled(stretches: readonly Stretch[]): Pooled {
  const sum = (of: (one: Stretch) => number): number => stretches.reduce((total, one) => total + of(one), 0);
  const choices = sum((one) => one.choices);
  const trades = sum((one) => one.trades);
  const mean_r = sum((one) => one.sum_r) / trades;
  const variance = sum((one) => one.sum_r2) / trades - mean_r * mean_r;
  return {
    ...{ choices, trades, mean_r, error_r: Math.sqrt(variance / trades) },
    share: sum((one) => one.chosen) / choices,
    chance: sum((one) => one.chance) / choices,
  };
}

/** What is wrong with a learning policy in a world; null where nothing is. */
export function faultOf(world: EdgeWorldName, { choices, share, mean_r, error_r }: Pooled): string | null {
  if (choices === 0) return 'no choice to count';
  if (world === 'nothing') return mean_r > ERRORS * error_r ? 'earns where nothing can be earned' : null;
  return share > SHARE_MIN ? null : `not above ${100 * SHARE_MIN} %`;
}
