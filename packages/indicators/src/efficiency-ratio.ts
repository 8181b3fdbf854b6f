import { valueBack, type Ring, type Windows } from './windows.js';

/**
 * Kaufman's efficiency ratio over the newest `length` moves: abs(net move) / sum of abs(moves), 0 to 1.
 * Null where there are fewer than `length` + 1 closes; a market that has not moved (0/0) is 0.
 */
export function efficiencyRatioOf(windows: Windows, closes: Ring, length: number): number | null {
  const first = valueBack(windows, closes, length);
  if (first === null) return null;
  const { numbers } = windows;
  const end = closes.start + closes.length;
  let at = closes.start + ((windows.count - 1 - length) % closes.length);
  let before = first;
  let path = 0;
  for (let i = 0; i < length; i++) {
    at = at + 1 === end ? closes.start : at + 1;
    const close = numbers[at]!;
    path += Math.abs(close - before);
    before = close;
  }
  return path === 0 ? 0 : Math.abs(before - first) / path;
}
