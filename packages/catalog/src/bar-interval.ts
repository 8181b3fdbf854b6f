import { BellwetherError } from '@bellwether/contracts';
import { INTERVALS, intervalName, type IntervalName } from './places.js';

/** Share of the distances between rows that the most frequent one must have: bars of a fixed length have nearly all. */
const REGULAR_SHARE_MIN = 0.5;

function unsupported(path: string, found: string): BellwetherError {
  return new BellwetherError(
    'interval_unsupported',
    `${path}: Expected bars of one or five minutes (${INTERVALS.join(', ')}), was ${found}`,
  );
}

function lengthText(us: number): string {
  const seconds = us / 1_000_000;
  return seconds % 3_600 === 0 ? `${seconds / 3_600} h` : `${seconds} s`;
}

/**
 * The length of the bars that open at these times.
 *
 * @throws BellwetherError `interval_unsupported`: event bars, hourly or daily ones, a single row
 */
export function detectInterval(path: string, opens_us: readonly number[]): IntervalName {
  const counts = new Map<number, number>();
  for (let i = 1; i < opens_us.length; i++) {
    const distance = opens_us[i]! - opens_us[i - 1]!;
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const [most, count] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0]);
  if (count === 0) throw unsupported(path, 'a single row, whose length nothing tells');
  const share = count / (opens_us.length - 1);
  if (share < REGULAR_SHARE_MIN) {
    throw unsupported(
      path,
      `no fixed length: the most frequent distance between rows, ${lengthText(most)}, is that of ` +
        `${(100 * share).toFixed(1)} % of them. Event bars (ticks, volume, range) cannot be decided on`,
    );
  }
  const name = intervalName(most);
  if (name === null) throw unsupported(path, `${lengthText(most)} between most rows`);
  return name;
}
