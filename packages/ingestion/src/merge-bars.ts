import type { Bar } from '@bellwether/contracts';
import { assert, barId, present } from '@bellwether/kernel';
import { closeOf, type BarSource } from './market-entries.js';

/** Bars of one symbol in order of time: one by one, or in batches from where they have to be waited for. */
export interface BarSeries extends BarSource {
  readonly symbol: string;
  readonly bars: Iterable<Bar> | AsyncIterable<readonly Bar[]>;
  /** Where a bar comes from, for a series that was put together from several sources. Default: the series itself. */
  readonly sourceOf?: (bar: Bar) => BarSource;
}

export interface SourcedBar {
  readonly bar: Bar;
  readonly source: BarSource;
}

type Batches = Iterator<readonly Bar[]> | AsyncIterator<readonly Bar[]>;

/** Bars that are there at once, so many at a time. */
function* batchesOf(bars: Iterable<Bar>, count: number): Generator<readonly Bar[], void, undefined> {
  let batch: Bar[] = [];
  for (const bar of bars) {
    batch.push(bar);
    if (batch.length < count) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** One series, and the bar in it that comes next. */
class Cursor {
  readonly #batches: Batches;
  #batch: readonly Bar[] = [];
  #at = 0;
  #last_us = -Infinity;

  constructor(
    readonly series: BarSeries,
    perBatch: number,
  ) {
    const { bars } = series;
    this.#batches =
      Symbol.asyncIterator in bars
        ? bars[Symbol.asyncIterator]()
        : batchesOf(bars, perBatch)[Symbol.iterator]();
  }

  get bar(): Bar {
    return present(this.#batch[this.#at], 'the next bar of an open series');
  }

  /** Moves on to the next bar; false where that has to be loaded. */
  advance(): boolean {
    this.#at += 1;
    return this.#at < this.#batch.length;
  }

  /** Loads the next batch; false at the end. */
  async load(): Promise<boolean> {
    const { symbol } = this.series;
    do {
      const next = await this.#batches.next();
      if (next.done === true) return false;
      this.#batch = next.value;
    } while (this.#batch.length === 0);
    this.#at = 0;
    for (const bar of this.#batch) {
      if (bar.symbol !== symbol) assert(false, `Expected bars of ${symbol}, was ${bar.symbol}`);
      if (bar.open_us <= this.#last_us) assert(false, `Expected bars of ${symbol} in order of time`);
      this.#last_us = bar.open_us;
    }
    return true;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

/** True when the bar of `a` comes first: by close, then by entry id, as `compareEntries` orders the entries. */
function isBefore(a: Cursor, b: Cursor): boolean {
  const difference = closeOf(a.bar) - closeOf(b.bar);
  if (difference !== 0) return difference < 0;
  const id = ({ bar, series }: Cursor): string =>
    barId(bar.symbol, bar.interval_us, bar.open_us, series.source, bar.revision);
  return id(a) < id(b);
}

/** Takes bars in journal order until one of the series has to be loaded again, and gives that one. */
function takeLoaded(open: readonly Cursor[], merged: SourcedBar[]): Cursor {
  for (;;) {
    let next = open[0]!;
    for (let i = 1; i < open.length; i++) if (isBefore(open[i]!, next)) next = open[i]!;
    const { bar, series } = next;
    merged.push({ bar, source: series.sourceOf === undefined ? series : series.sourceOf(bar) });
    if (!next.advance()) return next;
  }
}

/**
 * The bars of all series in journal order, in batches. Of a series that is there at once it takes `perBatch` bars at a
 * time; it holds one batch of each.
 */
export async function* mergeBars(
  all: readonly BarSeries[],
  perBatch: number,
): AsyncGenerator<readonly SourcedBar[], void, undefined> {
  const cursors = all.map((series) => new Cursor(series, perBatch));
  const open: Cursor[] = [];
  try {
    for (const cursor of cursors) if (await cursor.load()) open.push(cursor);
    while (open.length > 0) {
      const merged: SourcedBar[] = [];
      const empty = takeLoaded(open, merged);
      yield merged;
      if (!(await empty.load())) open.splice(open.indexOf(empty), 1);
    }
  } finally {
    // A reader that stops early must close the files behind the series.
    for (const cursor of cursors) await cursor.close();
  }
}
