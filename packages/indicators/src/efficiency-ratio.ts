import { valueBack, type NumberWindow } from './window.js';

/**
 * Kaufman's efficiency ratio over the newest `length` moves: abs(net move) / sum of abs(moves), 0 to 1.
 * Null where the window holds fewer than `length` + 1 closes; a market that has not moved (0/0) is 0.
 */
export function efficiencyRatioOf(closes: NumberWindow, length: number): number | null {
  const first = valueBack(closes, length);
  const last = valueBack(closes, 0);
  if (first === null || last === null) return null;
  const { values, next } = closes;
  const count = values.length;
  let at = (next - 1 + count) % count;
  let path = 0;
  for (let i = 0; i < length; i++) {
    const before = at === 0 ? count - 1 : at - 1;
    path += Math.abs(values[at]! - values[before]!);
    at = before;
  }
  return path === 0 ? 0 : Math.abs(last - first) / path;
}
