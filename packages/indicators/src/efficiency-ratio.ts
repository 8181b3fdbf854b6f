import { valueBack, type NumberWindow } from './window.js';

/**
 * Kaufman's efficiency ratio over the newest `length` moves: abs(net move) / sum of abs(moves), 0 to 1.
 * Null where the window holds fewer than `length` + 1 closes; a market that has not moved (0/0) is 0.
 */
export function efficiencyRatioOf(closes: NumberWindow, length: number): number | null {
  const first = valueBack(closes, length);
  let after = valueBack(closes, 0);
  if (first === null || after === null) return null;
  const net = Math.abs(after - first);
  let path = 0;
  for (let back = 1; back <= length; back++) {
    const before: number = valueBack(closes, back) ?? first;
    path += Math.abs(after - before);
    after = before;
  }
  return path === 0 ? 0 : net / path;
}
