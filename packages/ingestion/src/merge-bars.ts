import type { Bar } from '@bellwether/contracts';
import { assert, barId } from '@bellwether/kernel';
import { closeOf, type BarSource } from './market-entries.js';

/** Bars of one symbol in order of time. */
export interface BarSeries extends BarSource {
  readonly symbol: string;
  readonly bars: Iterable<Bar> | AsyncIterable<Bar>;
  /** Where a bar comes from, for a series that was put together from several sources. Default: the series itself. */
  readonly sourceOf?: (bar: Bar) => BarSource;
}

export interface SourcedBar {
  readonly bar: Bar;
  readonly source: BarSource;
}

interface Cursor {
  readonly series: BarSeries;
  readonly iterator: Iterator<Bar> | AsyncIterator<Bar>;
  bar: Bar;
}

function iteratorOf(bars: BarSeries['bars']): Iterator<Bar> | AsyncIterator<Bar> {
  return Symbol.asyncIterator in bars ? bars[Symbol.asyncIterator]() : bars[Symbol.iterator]();
}

/** True when the bar of `a` comes first: by close, then by entry id, as `compareEntries` orders the entries. */
function isBefore(a: Cursor, b: Cursor): boolean {
  const difference = closeOf(a.bar) - closeOf(b.bar);
  if (difference !== 0) return difference < 0;
  const id = ({ bar, series }: Cursor): string =>
    barId(bar.symbol, bar.interval_us, bar.open_us, series.source, bar.revision);
  return id(a) < id(b);
}

/** Moves on to the next bar; false at the end. */
async function advance(cursor: Cursor): Promise<boolean> {
  const next = await cursor.iterator.next();
  if (next.done === true) return false;
  const { symbol } = cursor.series;
  assert(next.value.symbol === symbol, `Expected bars of ${symbol}, was ${next.value.symbol}`);
  assert(next.value.open_us > cursor.bar.open_us, `Expected bars of ${symbol} in order of time`);
  cursor.bar = next.value;
  return true;
}

/** The bars of all series in journal order. Holds one bar of each. */
export async function* mergeBars(all: readonly BarSeries[]): AsyncGenerator<SourcedBar, void, undefined> {
  const open: Cursor[] = [];
  try {
    for (const series of all) {
      const iterator = iteratorOf(series.bars);
      const first = await iterator.next();
      if (first.done === true) continue;
      assert(
        first.value.symbol === series.symbol,
        `Expected bars of ${series.symbol}, was ${first.value.symbol}`,
      );
      open.push({ series, iterator, bar: first.value });
    }
    while (open.length > 0) {
      let next = open[0]!;
      for (const cursor of open) if (isBefore(cursor, next)) next = cursor;
      yield { bar: next.bar, source: next.series.sourceOf?.(next.bar) ?? next.series };
      if (!(await advance(next))) open.splice(open.indexOf(next), 1);
    }
  } finally {
    // A reader that stops early must close the files behind the series.
    for (const { iterator } of open) await iterator.return?.();
  }
}
