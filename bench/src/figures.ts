/** Small statistics of measured times, and tables of them. */

function sorted(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

/** The value below which this share of them lies (nearest rank); NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const all = sorted(values);
  return all[Math.min(all.length - 1, Math.max(0, Math.ceil(share * all.length) - 1))] ?? NaN;
}

export function median(values: readonly number[]): number {
  const all = sorted(values);
  const half = all.length >> 1;
  const upper = all[half] ?? NaN;
  return all.length % 2 === 1 ? upper : ((all[half - 1] ?? NaN) + upper) / 2;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Columns with two blanks between them: the first to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}

const BAR_WIDTH = 40;

/** A line as long as the value is, against the largest one. */
export function bar(value: number, largest: number): string {
  return '#'.repeat(Math.max(1, Math.round((BAR_WIDTH * value) / largest)));
}
