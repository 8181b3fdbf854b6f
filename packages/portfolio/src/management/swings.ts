import type { Bar } from '@bellwether/contracts';

/** High and low of one completed bar. */
interface Range {
  readonly high_ticks: number;
  readonly low_ticks: number;
}

/** The last bars of one symbol and the last swings that they confirmed. */
export interface SymbolSwings {
  readonly symbol: string;
  readonly open_us: number;
  /** At most five, oldest first. */
  readonly ranges: readonly Range[];
  readonly swing_low_ticks: number | null;
  readonly swing_high_ticks: number | null;
}

/** Bars on each side of a swing that do not reach it (domain.md 8.2, rule 5). */
const SIDE = 2;
const BARS = 2 * SIDE + 1;
/** After a break this long, in bars, what came before says nothing of the structure after it. */
const BREAK_BARS = 15;

/** The swings after one more completed bar. A swing is known two bars after its extreme, never earlier. */
export function withBar(swings: readonly SymbolSwings[], bar: Bar): readonly SymbolSwings[] {
  const last = swings.find(({ symbol }) => symbol === bar.symbol) ?? null;
  const next = followed(last, bar);
  if (last === null) return [...swings, next];
  if (swings.length === 1) return [next];
  return swings.map((item) => (item === last ? next : item));
}

function followed(last: SymbolSwings | null, bar: Bar): SymbolSwings {
  const fresh = last === null || bar.open_us - last.open_us > BREAK_BARS * bar.interval_us;
  const { symbol, open_us, high_ticks, low_ticks } = bar;
  const kept = fresh ? [] : last.ranges.length === BARS ? last.ranges.slice(1) : last.ranges;
  const ranges = [...kept, { high_ticks, low_ticks }];
  return {
    symbol,
    open_us,
    ranges,
    swing_low_ticks: newLow(ranges) ?? (fresh ? null : last.swing_low_ticks),
    swing_high_ticks: newHigh(ranges) ?? (fresh ? null : last.swing_high_ticks),
  };
}

function newLow(ranges: readonly Range[]): number | null {
  if (ranges.length < BARS) return null;
  const middle = ranges[SIDE]!.low_ticks;
  const lowest = ranges.every(({ low_ticks }, i) => i === SIDE || low_ticks > middle);
  return lowest ? middle : null;
}

function newHigh(ranges: readonly Range[]): number | null {
  if (ranges.length < BARS) return null;
  const middle = ranges[SIDE]!.high_ticks;
  const highest = ranges.every(({ high_ticks }, i) => i === SIDE || high_ticks < middle);
  return highest ? middle : null;
}
