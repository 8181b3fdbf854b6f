/**
 * The last `capacity` numbers, oldest overwritten first. Pushing copies the ring, so keep it short.
 * Statistics are recomputed from the numbers each time: no running sum that drifts.
 */
export interface NumberWindow {
  readonly capacity: number;
  /** At most `capacity`; in order of arrival until full, then a ring. */
  readonly values: readonly number[];
  /** Where the next number goes once full: the place of the oldest. */
  readonly next: number;
}

export function emptyWindow(capacity: number): NumberWindow {
  return { capacity, values: [], next: 0 };
}

export function pushWindow(window: NumberWindow, value: number): NumberWindow {
  const { capacity, next } = window;
  const values = window.values.slice();
  if (values.length < capacity) {
    values.push(value);
    return { capacity, values, next: 0 };
  }
  values[next] = value;
  return { capacity, values, next: next + 1 === capacity ? 0 : next + 1 };
}

export function isFull(window: NumberWindow): boolean {
  return window.values.length === window.capacity;
}

/** The number `back` places before the newest (0 is the newest), or null where there is none. */
export function valueBack(window: NumberWindow, back: number): number | null {
  const { values, next } = window;
  if (back < 0 || back >= values.length) return null;
  return values[(next - 1 - back + 2 * values.length) % values.length] ?? null;
}

/** Sum of the newest `count`, added from old to new, or null where there are fewer. */
export function sumOfLast(window: NumberWindow, count: number): number | null {
  const { values, next } = window;
  const length = values.length;
  if (count > length) return null;
  let sum = 0;
  let at = (next - count + 2 * length) % length;
  for (let i = 0; i < count; i++) {
    sum += values[at]!;
    at = at + 1 === length ? 0 : at + 1;
  }
  return sum;
}

/** Mean of squares of the newest `count`, or null where there are fewer. */
export function meanSquareOfLast(window: NumberWindow, count: number): number | null {
  const { values, next } = window;
  const length = values.length;
  if (count > length || count === 0) return null;
  let sum = 0;
  let at = (next - count + 2 * length) % length;
  for (let i = 0; i < count; i++) {
    sum += values[at]! * values[at]!;
    at = at + 1 === length ? 0 : at + 1;
  }
  return sum / count;
}

export interface Moments {
  readonly mean: number;
  /** Population standard deviation: divided by n. */
  readonly sd: number;
}

/** Mean and standard deviation of a full window in two passes, or null while it is not full. */
export function momentsOf(window: NumberWindow): Moments | null {
  const { values, capacity } = window;
  const sum = sumOfLast(window, capacity);
  if (sum === null || capacity === 0) return null;
  const mean = sum / capacity;
  let squares = 0;
  let at = window.next;
  for (let i = 0; i < capacity; i++) {
    const deviation = values[at]! - mean;
    squares += deviation * deviation;
    at = at + 1 === capacity ? 0 : at + 1;
  }
  return { mean, sd: Math.sqrt(squares / capacity) };
}

/** Smallest and largest of what is there, or null of an empty window. */
export function extremesOf(window: NumberWindow): { readonly low: number; readonly high: number } | null {
  const { values } = window;
  if (values.length === 0) return null;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** The numbers from old to new. */
export function orderedValues(window: NumberWindow): readonly number[] {
  const { values, next } = window;
  return next === 0 ? values : values.slice(next).concat(values.slice(0, next));
}
