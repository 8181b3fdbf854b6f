/**
 * Windows over the last numbers of several quantities, side by side in one array: a step copies that array once, which
 * for a few hundred numbers costs less than a handful of objects. Statistics are recomputed from the numbers, old to new:
 * no running sum that drifts, and the same window gives the same bits wherever it lies in its ring.
 */
export interface Windows {
  /** Rows pushed so far. */
  readonly count: number;
  readonly numbers: readonly number[];
}

/** The place of one quantity: `length` numbers from `start` on, the oldest overwritten first. */
export interface Ring {
  readonly start: number;
  readonly length: number;
}

/** Places one after the other for windows of these lengths. */
export function ringsOf<const T extends readonly number[]>(lengths: T): { readonly [K in keyof T]: Ring };
export function ringsOf(lengths: readonly number[]): readonly Ring[] {
  let start = 0;
  return lengths.map((length) => {
    const ring = { start, length };
    start += length;
    return ring;
  });
}

export function emptyWindows(rings: readonly Ring[]): Windows {
  const size = rings.reduce((sum, ring) => sum + ring.length, 0);
  // A list that once held a fraction is kept as plain doubles, without holes; one of whole numbers is made anew later.
  return { count: 0, numbers: Array.from({ length: size }, () => 0.5).fill(0) };
}

/**
 * A row for {@link pushRow} that may be used again and again. Like the windows it is kept as plain doubles: a list of whole
 * numbers, as a bar's prices are, would be made anew in each push.
 */
export function rowOf(rings: readonly Ring[]): number[] {
  return Array.from({ length: rings.length }, () => 0.5);
}

/** Adds one number to each ring, in the order of `rings`. */
export function pushRow(windows: Windows, rings: readonly Ring[], row: readonly number[]): Windows {
  const { count } = windows;
  const numbers = windows.numbers.slice();
  for (let i = 0; i < rings.length; i++) {
    const { start, length } = rings[i]!;
    numbers[start + (count % length)] = row[i]!;
  }
  return { count: count + 1, numbers };
}

/** Whether the newest `n` are there. `n` must not exceed the ring's length. */
function has({ count }: Windows, ring: Ring, n: number): boolean {
  return n > 0 && n <= count && n <= ring.length;
}

/** Where the oldest of the newest `n` stands. */
function oldestOf({ count }: Windows, ring: Ring, n: number): number {
  return ring.start + ((count - n) % ring.length);
}

/** The number `back` places before the newest (0 is the newest), or null where there is none. */
export function valueBack(windows: Windows, ring: Ring, back: number): number | null {
  if (!has(windows, ring, back + 1)) return null;
  return windows.numbers[ring.start + ((windows.count - 1 - back) % ring.length)]!;
}

/** Sum of the newest `n`, or null where there are fewer. */
export function sumOfLast(windows: Windows, ring: Ring, n: number): number | null {
  if (!has(windows, ring, n)) return null;
  const { numbers } = windows;
  let sum = 0;
  // At most twice: up to the end of the ring, and on from its start.
  for (let left = n, from = oldestOf(windows, ring, n); left > 0; from = ring.start) {
    const to = Math.min(from + left, ring.start + ring.length);
    for (let at = from; at < to; at++) sum += numbers[at]!;
    left -= to - from;
  }
  return sum;
}

/** Population standard deviation (divided by n) of the newest `n` around their mean, in a second pass. */
export function deviationOfLast(windows: Windows, ring: Ring, n: number, mean: number): number | null {
  if (!has(windows, ring, n)) return null;
  const { numbers } = windows;
  let squares = 0;
  // At most twice: up to the end of the ring, and on from its start.
  for (let left = n, from = oldestOf(windows, ring, n); left > 0; from = ring.start) {
    const to = Math.min(from + left, ring.start + ring.length);
    for (let at = from; at < to; at++) squares += (numbers[at]! - mean) * (numbers[at]! - mean);
    left -= to - from;
  }
  return Math.sqrt(squares / n);
}

/** Largest of the newest `n`, or null where there are fewer. */
export function highestOfLast(windows: Windows, ring: Ring, n: number): number | null {
  if (!has(windows, ring, n)) return null;
  const { numbers } = windows;
  let highest = -Infinity;
  // At most twice: up to the end of the ring, and on from its start.
  for (let left = n, from = oldestOf(windows, ring, n); left > 0; from = ring.start) {
    const to = Math.min(from + left, ring.start + ring.length);
    for (let at = from; at < to; at++) if (numbers[at]! > highest) highest = numbers[at]!;
    left -= to - from;
  }
  return highest;
}

/** Smallest of the newest `n`, or null where there are fewer. */
export function lowestOfLast(windows: Windows, ring: Ring, n: number): number | null {
  if (!has(windows, ring, n)) return null;
  const { numbers } = windows;
  let lowest = Infinity;
  // At most twice: up to the end of the ring, and on from its start.
  for (let left = n, from = oldestOf(windows, ring, n); left > 0; from = ring.start) {
    const to = Math.min(from + left, ring.start + ring.length);
    for (let at = from; at < to; at++) if (numbers[at]! < lowest) lowest = numbers[at]!;
    left -= to - from;
  }
  return lowest;
}

/** Share of the newest `n` that lie below `value`, equal ones counted half: 0 to 1, or null where there are fewer. */
export function rankInLast(windows: Windows, ring: Ring, n: number, value: number): number | null {
  if (!has(windows, ring, n)) return null;
  const { numbers } = windows;
  let twice = 0;
  // At most twice: up to the end of the ring, and on from its start.
  for (let left = n, from = oldestOf(windows, ring, n); left > 0; from = ring.start) {
    const to = Math.min(from + left, ring.start + ring.length);
    for (let at = from; at < to; at++) {
      const other = numbers[at]!;
      twice += other < value ? 2 : other === value ? 1 : 0;
    }
    left -= to - from;
  }
  return twice / (2 * n);
}
