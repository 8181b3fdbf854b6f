import { known, missing, type Measure } from '../measure.js';

/** Null where each is a probability. */
function invalid(ps: readonly number[]): boolean {
  return !ps.every((p) => p >= 0 && p <= 1);
}

/** Ascending places, equal values in the order in which they came. */
function ascending(ps: readonly number[]): readonly number[] {
  return ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]! || a - b);
}

/** Adjusted p-values of Holm (1979): the chance of a single false discovery, whatever the dependence. Same order as given. */
export function holm(ps: readonly number[]): Measure<readonly number[]> {
  if (invalid(ps)) return missing('out_of_range');
  const adjusted = new Array<number>(ps.length).fill(0);
  let floor = 0;
  ascending(ps).forEach((place, rank) => {
    floor = Math.max(floor, Math.min(1, (ps.length - rank) * ps[place]!));
    adjusted[place] = floor;
  });
  return known(adjusted);
}

/**
 * Adjusted p-values of Benjamini and Hochberg (1995): the expected share of false ones among the discoveries, under
 * independence or positive dependence. Same order as given.
 */
export function benjaminiHochberg(ps: readonly number[]): Measure<readonly number[]> {
  if (invalid(ps)) return missing('out_of_range');
  const adjusted = new Array<number>(ps.length).fill(0);
  let ceiling = 1;
  [...ascending(ps).entries()].reverse().forEach(([rank, place]) => {
    ceiling = Math.min(ceiling, (ps.length * ps[place]!) / (rank + 1));
    adjusted[place] = ceiling;
  });
  return known(adjusted);
}
