const TICKS_MAX = 2_147_483_647;

/**
 * Points of a price in ticks: the double nearest to the decimal, so text of it reads as the exchange prints
 * it.
 */
export function ticksToPoints(ticks: number, tick_size_e4: number): number {
  return (ticks * tick_size_e4) / 10_000;
}

/**
 * Integer ticks of a price in points, or null where it is not finite, not on the grid, or beyond 32 bits. A
 * price is on the grid when it is the very double that the decimal text of the grid price reads as: no
 * tolerance.
 */
export function pointsToTicks(points: number, tick_size_e4: number): number | null {
  if (!Number.isFinite(points)) return null;
  const ticks = Math.round((points * 10_000) / tick_size_e4);
  if (Math.abs(ticks) > TICKS_MAX || ticksToPoints(ticks, tick_size_e4) !== points) return null;
  return ticks === 0 ? 0 : ticks;
}
