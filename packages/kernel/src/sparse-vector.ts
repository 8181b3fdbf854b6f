/** A vector of numbers some of which are missing: the places of those that are there, ascending, and their values. */
interface SparseVector {
  readonly present_index: readonly number[];
  readonly present_value: readonly number[];
}

/** The number at a place, or null where it is missing. */
export function presentAt({ present_index, present_value }: SparseVector, at: number): number | null {
  // A number is never farther to the right than its place, and while warm mostly right there.
  for (let i = Math.min(at, present_index.length - 1); i >= 0; i--) {
    const place = present_index[i]!;
    if (place === at) return present_value[i]!;
    if (place < at) return null;
  }
  return null;
}
