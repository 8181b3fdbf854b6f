import { DataOrigin, EntryKind, ReasonCode, Side, Strategy, type Entry } from '@bellwether/contracts';
import { abandonEntryId, makeEntry, present, signalEntryId } from '@bellwether/kernel';
import { pointsToTicks } from '@bellwether/market';
import type { Book, Books } from '../books.js';
import type { SignalRequest } from '../schema/signal.js';
import type { ProblemSink } from '../schema/request.js';
import { checkPrice, checkSymbol } from './checks.js';

/** What entries of the gateway name as their source. */
export const HTTP_SOURCE = 'http';

export function checkSignal(
  books: Books,
  given: Partial<SignalRequest>,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  const book = books.check(given.book, problems);
  if (book === null) return;
  const instrument = checkSymbol(book, given.symbol, problems);
  if (instrument !== null) {
    checkPrice(instrument.tick_size_e4, 'hints.stop_points', given.hints?.stop_points, problems);
  }
  if (book.knownTime === 'event' && given.ts === undefined) {
    problems.add('ts', `Required: entries of the book ${book.name} are known at their own time`);
  }
  // In an event-time book the caller's time becomes the book's: one slip into the future would hold it there.
  if (given.ts !== undefined && given.ts > now_us + tolerance_us) {
    problems.add('ts', 'Lies after the present time of the gateway');
  }
}

/**
 * The entry of a signal. It says nothing about the market, so its data origin is unspecified: the frame keeps
 * that of the book. Its time is that of receipt; in an event-time book that of the caller.
 */
export function signalEntry(book: Book, request: SignalRequest, now_us: number): Entry {
  const { tick_size_e4 } = present(book.instrument(request.symbol), 'a symbol of the book');
  const at_us = book.knownTime === 'event' ? present(request.ts, 'a time of the signal') : now_us;
  const stop_points = request.hints?.stop_points;
  const cloud = request.cloud;
  return makeEntry(
    {
      book: book.name,
      id: signalEntryId(request.signal_id),
      kind: EntryKind.SIGNAL,
      event_us: at_us,
      known_us: at_us,
      source: HTTP_SOURCE,
      origin: DataOrigin.UNSPECIFIED,
    },
    {
      signal: {
        signal_id: request.signal_id,
        symbol: request.symbol,
        strategy: request.strategy_id === undefined ? null : Strategy[request.strategy_id],
        side: request.side === undefined ? null : Side[request.side],
        stop_distance_ticks:
          stop_points === undefined
            ? null
            : present(pointsToTicks(stop_points, tick_size_e4), 'a stop on the grid'),
        cloud:
          cloud === undefined
            ? null
            : { p: cloud.p, source_model_id: cloud.source_model_id, latency_ms: cloud.latency_ms ?? null },
        ts_us: request.ts ?? null,
      },
    },
  );
}

/**
 * Tells the book that nobody waits for this signal any more. In an event-time book it happens at the signal's
 * time.
 */
export function abandonEntry(book: Book, signal: Entry, signalId: string, now_us: number): Entry {
  const at_us = book.knownTime === 'event' ? signal.known_us : now_us;
  return makeEntry(
    {
      book: book.name,
      id: abandonEntryId(signalId),
      kind: EntryKind.ABANDON,
      event_us: at_us,
      known_us: at_us,
      source: HTTP_SOURCE,
      origin: DataOrigin.UNSPECIFIED,
    },
    { abandon: { signal_id: signalId, reason: ReasonCode.TIMEOUT } },
  );
}
