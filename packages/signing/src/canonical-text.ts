/** JSON with the keys of every object in order and no spaces: equal values give equal text. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, own]) => `${JSON.stringify(key)}:${canonicalText(own)}`);
    return `{${pairs.join(',')}}`;
  }
  // JSON writes -0 as 0, so it is no other number here either.
  return JSON.stringify(value);
}
