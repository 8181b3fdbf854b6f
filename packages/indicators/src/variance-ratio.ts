import { sumOfLast, type Ring, type Windows } from './windows.js';

/**
 * Variance ratio of Lo and MacKinlay over the newest `n` returns: the variance of overlapping sums of `q` against `q`
 * times that of single returns, both unbiased. 1 for independent returns, more in a trend. Null where there are fewer;
 * returns that do not vary (0/0) give 1, the ratio of what has no memory.
 */
export function varianceRatioOf(windows: Windows, returns: Ring, n: number, q: number): number | null {
  const total = sumOfLast(windows, returns, n);
  if (total === null || q >= n) return null;
  const mean = total / n;
  const { numbers, count } = windows;
  const { start, length } = returns;
  const end = start + length;
  let at = start + ((count - n) % length);
  let leaving = at;
  let single = 0;
  let overlapping = 0;
  // Sum of the last q distances from the mean.
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const distance = numbers[at]! - mean;
    single += distance * distance;
    sum += distance;
    if (i >= q) {
      sum -= numbers[leaving]! - mean;
      leaving = leaving + 1 === end ? start : leaving + 1;
    }
    if (i >= q - 1) overlapping += sum * sum;
    at = at + 1 === end ? start : at + 1;
  }
  const one = single / (n - 1);
  const many = overlapping / (q * (n - q + 1) * (1 - q / n));
  return one === 0 ? 1 : many / one;
}
