import { valueBack, type Ring, type Windows } from './windows.js';

/** Fast %K of the stochastic oscillator: where the close lies between lowest low and highest high, 0 to 100; 50 in one price. */
export function fastKOf(close: number, highest: number, lowest: number): number {
  return highest === lowest ? 50 : (100 * (close - lowest)) / (highest - lowest);
}

export interface Stochastic {
  readonly k: number;
  readonly d: number;
}

/** %K is the mean of the newest three fast ones, %D the mean of the newest three %K: five fast ones, or null. */
export function stochasticOf(windows: Windows, fastK: Ring): Stochastic | null {
  const oldest = valueBack(windows, fastK, 4);
  const second = valueBack(windows, fastK, 3);
  const third = valueBack(windows, fastK, 2);
  const fourth = valueBack(windows, fastK, 1);
  const newest = valueBack(windows, fastK, 0);
  if (oldest === null || second === null || third === null || fourth === null || newest === null) return null;
  return {
    k: (third + fourth + newest) / 3,
    d: (oldest + 2 * second + 3 * third + 2 * fourth + newest) / 9,
  };
}
