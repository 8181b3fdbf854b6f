/** Share of the distances between rows that the most frequent one must have: bars of a fixed length have nearly all. */
const REGULAR_SHARE_MIN = 0.5;

/** The length of the bars that open at these times, or null for bars of no fixed length. */
export function barLength(opens_us: readonly number[]): number | null {
  const counts = new Map<number, number>();
  let rising = 0;
  for (let i = 1; i < opens_us.length; i++) {
    const distance = opens_us[i]! - opens_us[i - 1]!;
    if (distance <= 0) continue;
    rising++;
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const [most, count] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0]);
  return count > 0 && count >= REGULAR_SHARE_MIN * rising ? most : null;
}
