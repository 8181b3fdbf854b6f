import { sumOfLast, type Ring, type Windows } from './windows.js';

/**
 * Pearson's correlation of the newest `n` of two rings, -1 to 1; null where there are fewer. Where one of them does not
 * vary (0/0) it is 0.
 */
export function correlationOf(windows: Windows, a: Ring, b: Ring, n: number): number | null {
  const sumA = sumOfLast(windows, a, n);
  const sumB = sumOfLast(windows, b, n);
  if (sumA === null || sumB === null) return null;
  const meanA = sumA / n;
  const meanB = sumB / n;
  const { numbers, count } = windows;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  let atA = a.start + ((count - n) % a.length);
  let atB = b.start + ((count - n) % b.length);
  for (let i = 0; i < n; i++) {
    const x = numbers[atA]! - meanA;
    const y = numbers[atB]! - meanB;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
    atA = atA + 1 === a.start + a.length ? a.start : atA + 1;
    atB = atB + 1 === b.start + b.length ? b.start : atB + 1;
  }
  const scale = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  // Rounding may pass 1 by a few bits.
  return scale === 0 ? 0 : Math.max(-1, Math.min(1, products / scale));
}
