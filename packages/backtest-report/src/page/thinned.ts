/** A value at its place on an axis. */
export type Point = readonly [x: number, y: number];

/**
 * At most about `most` points: of each stretch the lowest and the highest, in their order, so that no peak and no trough is lost.
 * The first and the last point stay.
 */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const size = Math.ceil((2 * points.length) / most);
  const kept = new Set<Point>([points[0]!, points.at(-1)!]);
  for (let start = 0; start < points.length; start += size) {
    const part = points.slice(start, start + size);
    kept.add(part.reduce((a, b) => (b[1] < a[1] ? b : a)));
    kept.add(part.reduce((a, b) => (b[1] > a[1] ? b : a)));
  }
  return points.filter((point) => kept.has(point));
}
