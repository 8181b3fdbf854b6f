import {
  EntryKind,
  type DataOrigin,
  type Bar,
  type Clock,
  type Entry,
  type Warmup,
} from '@bellwether/contracts';
import { barId, clockId, makeEntry, warmupId } from '@bellwether/kernel';

/** Where bars come from: a file name, "http", "synthetic-sample-v1"; and whether they were made by a generator. */
export interface BarSource {
  readonly source: string;
  readonly origin: DataOrigin;
}

/** When a completed bar can be known: at its close. */
export function closeOf(bar: Bar): number {
  return bar.open_us + bar.interval_us;
}

export function barEntry(book: string, bar: Bar, { source, origin }: BarSource): Entry {
  const close_us = closeOf(bar);
  const id = barId(bar.symbol, bar.interval_us, bar.open_us, source, bar.revision);
  return makeEntry(
    { book, id, kind: EntryKind.BAR, event_us: close_us, known_us: close_us, source, origin },
    { bar },
  );
}

/** `origin` is that of the book's data, so that a clock entry does not make a synthetic book look real. */
export function clockEntry(book: string, clock: Clock, origin: DataOrigin): Entry {
  const at = clock.boundary_us;
  return makeEntry(
    { book, id: clockId(at), kind: EntryKind.CLOCK, event_us: at, known_us: at, source: 'clock', origin },
    { clock },
  );
}

/** `known_us` is the close of the last bar in it. */
export function warmupEntry(
  book: string,
  warmup: Warmup,
  known_us: number,
  { source, origin }: BarSource,
): Entry {
  const id = warmupId(warmup.symbol, warmup.trade_date, source);
  return makeEntry(
    { book, id, kind: EntryKind.WARMUP, event_us: known_us, known_us, source, origin },
    { warmup },
  );
}
