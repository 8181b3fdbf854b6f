import { assert } from '@bellwether/kernel';
import { normalCdf, normalDensity, normalQuantile } from '@bellwether/statistics';
import type { OneStepSizing } from './one-step-sizing.js';

export interface SizingOptimum {
  /** Of each regime. */
  readonly sizes: readonly number[];
  /** Mean result, in R. */
  readonly value: number;
  /** Of the loss, in R. */
  readonly cvar: number;
}

export interface ClosedForm {
  readonly size: number;
  /** Price of the tail at the optimum. */
  readonly lambda: number;
}

/**
 * Best size of a trade with one regime under a limit on the CVaR of its loss. With k = density(z) / (1 - confidence) and
 * q = k sigma - mu, CVaR = a q + cost a² / 2, hence a = (-q + Math.sqrt(q² + 2 cost limit)) / cost and the price
 * (mu - cost a) / (q + cost a); where the limit is slack a = mu / cost and the price is 0.
 */
export function closedFormSizing(of: OneStepSizing, confidence: number, limit: number): ClosedForm {
  const { regimes, mu, cost } = of;
  assert(regimes.length === 1 && cost > 0, 'The closed form is of one regime with a cost');
  const k = normalDensity(normalQuantile(confidence)) / (1 - confidence);
  const q = k * regimes[0]!.sigma - mu;
  const size = (-q + Math.sqrt(q * q + 2 * cost * limit)) / cost;
  if (size >= mu / cost) return { size: mu / cost, lambda: 0 };
  return { size, lambda: (mu - cost * size) / (q + cost * size) };
}

/** Mean result of sizes chosen without noise. */
export function sizingValue({ regimes, mu, cost }: OneStepSizing, sizes: readonly number[]): number {
  return regimes.reduce((sum, { probability }, i) => {
    const size = sizes[i]!;
    return sum + probability * (size * mu - (cost * size * size) / 2);
  }, 0);
}

/** Of the range of a quantile, to a billionth of it; of a range of sizes, to a hundred thousandth. */
const HALVINGS = 30;
const SIZE_HALVINGS = 16;

/** CVaR of the loss of sizes chosen without noise: of a mixture of normals, whose quantile is found by halving. */
export function sizingCvar(
  { regimes, mu, cost }: OneStepSizing,
  sizes: readonly number[],
  confidence: number,
): number {
  const parts = regimes.map(({ probability, sigma }, i) => {
    const size = sizes[i]!;
    return {
      probability,
      mean: size * mu - (cost * size * size) / 2,
      deviation: Math.max(1e-12, size * sigma),
    };
  });
  const below = (x: number): number =>
    parts.reduce((sum, part) => sum + part.probability * normalCdf((x - part.mean) / part.deviation), 0);
  const share = 1 - confidence;
  let low = Math.min(...parts.map(({ mean, deviation }) => mean - 10 * deviation));
  let high = Math.max(...parts.map(({ mean, deviation }) => mean + 10 * deviation));
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  const quantile = (low + high) / 2;
  // E[(quantile - X)+] of a normal: (quantile - mean) cdf(z) + deviation density(z).
  const short = parts.reduce((sum, { probability, mean, deviation }) => {
    const z = (quantile - mean) / deviation;
    return sum + probability * ((quantile - mean) * normalCdf(z) + deviation * normalDensity(z));
  }, 0);
  return -quantile + short / share;
}

/**
 * Best sizes of two regimes under the limit: a grid for the first, and for each of its sizes the largest of the second that
 * the limit leaves, up to where a larger one is worth less anyway. Sizes that are allowed are a range from 0, for CVaR is
 * convex in them.
 */
export function gridOptimum(
  of: OneStepSizing,
  confidence: number,
  limit: number,
  steps = 300,
): SizingOptimum {
  assert(of.regimes.length === 2 && of.cost > 0, 'The grid is of two regimes with a cost');
  let best: SizingOptimum = { sizes: [0, 0], value: 0, cvar: 0 };
  const allowed = (sizes: readonly number[]): boolean => sizingCvar(of, sizes, confidence) <= limit;
  for (let i = 0; i <= steps; i++) {
    const first = (i * of.sizeMax) / steps;
    if (!allowed([first, 0])) break;
    let [low, high] = [0, Math.min(of.sizeMax, of.mu / of.cost)];
    for (let halving = 0; halving < SIZE_HALVINGS && low < high; halving++) {
      const middle = (low + high) / 2;
      if (allowed([first, middle])) low = middle;
      else high = middle;
    }
    const sizes = [first, low];
    const value = sizingValue(of, sizes);
    if (value > best.value) best = { sizes, value, cvar: sizingCvar(of, sizes, confidence) };
  }
  return best;
}
