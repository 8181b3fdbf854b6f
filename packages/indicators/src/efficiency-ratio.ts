/**
 * Kaufman's efficiency ratio: the size of the net move over the way that was gone to make it (the sum of the sizes of
 * all moves), 0 to 1. A market that has not moved (0/0) is 0.
 */
export function efficiencyRatioOf(net: number, path: number): number {
  return path === 0 ? 0 : Math.abs(net) / path;
}
