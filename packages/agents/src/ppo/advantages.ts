import type { Batch } from './rollout.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { max, sqrt } = Math;

export interface AdvantageOptions {
  readonly discount: number;
  /** Weight of longer sums of rewards against the critic's guess: lambda of GAE. */
  readonly trace: number;
}

export interface Advantages {
  /** How much better than expected each step turned out. */
  readonly advantages: Float64Array;
  /** What the critic should have said. */
  readonly targets: Float64Array;
}

/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438). `values` is the critic's guess for each row,
 * `openValues` for what was seen behind the open rows: an episode whose time was over is not one that ended.
 */
export function advantagesOf(
  batch: Batch,
  values: ArrayLike<number>,
  openValues: ArrayLike<number>,
  { discount, trace }: AdvantageOptions,
): Advantages {
  const { rows, rewards, next, openRows } = batch;
  const behind = new Float64Array(rows);
  openRows.forEach((row, i) => (behind[row] = openValues[i]!));
  const advantages = new Float64Array(rows);
  const targets = new Float64Array(rows);
  for (let row = rows - 1; row >= 0; row--) {
    const following = next[row]!;
    const value = following < 0 ? behind[row]! : values[following]!;
    const error = rewards[row]! + discount * value - values[row]!;
    const carried = following < 0 ? 0 : discount * trace * advantages[following]!;
    advantages[row] = error + carried;
    targets[row] = advantages[row]! + values[row]!;
  }
  return { advantages, targets };
}

/**
 * Brings advantages to mean 0 and deviation 1. Where they hardly differ the deviation is taken to be `deviationMin`: equal
 * advantages then come to 0 and not to 0 / 0, nor is their rounding blown up to a lesson.
 */
export function normalised(advantages: Float64Array, deviationMin: number): Float64Array {
  let sum = 0;
  for (const advantage of advantages) sum += advantage;
  const mean = sum / advantages.length;
  let squares = 0;
  for (const advantage of advantages) squares += (advantage - mean) ** 2;
  const deviation = max(deviationMin, sqrt(squares / advantages.length));
  return advantages.map((advantage) => (advantage - mean) / deviation);
}
