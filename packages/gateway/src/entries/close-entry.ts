import { DataOrigin, EntryKind, type Entry } from '@bellwether/contracts';
import { closeEntryId, makeEntry, present } from '@bellwether/kernel';
import { instrumentOf, pointsToTicks } from '@bellwether/market';
import type { Book, Books } from '../books.js';
import type { CloseRequest } from '../schema/close.js';
import type { ProblemSink } from '../schema/request.js';
import { checkNotAhead, checkPrice } from './checks.js';
import { HTTP_SOURCE } from './signal-entry.js';

/**
 * The tick size of the position to close. Where there is none the book's first symbol serves: the answer will
 * be `no_position`, and the entry needs a price all the same.
 */
function tickSizeOf(book: Book, decision: string): number {
  const position = book.feed.portfolio?.positions.find((item) => item.decision_id === decision);
  const symbol = position?.symbol ?? present(book.symbols[0], 'a symbol of the book');
  return present(instrumentOf(symbol), 'a known symbol').tick_size_e4;
}

export function checkClose(
  books: Books,
  given: Partial<CloseRequest>,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  const book = books.check(books.nameFor(given.book, given.decision_id), problems);
  if (book === null) return;
  checkPrice(tickSizeOf(book, given.decision_id ?? ''), 'exit_price', given.exit_price, problems);
  checkNotAhead(book, 'exit_ts', given.exit_ts, now_us, tolerance_us, problems);
}

/**
 * Without an id of its own a close is named by what it closes and when: a repeated report is then the same
 * one.
 */
export function closeIdOf(request: CloseRequest): string {
  return request.close_id ?? `${request.decision_id}:${request.exit_ts}`;
}

export function closeEntry(book: Book, request: CloseRequest, now_us: number): Entry {
  const tick_size_e4 = tickSizeOf(book, request.decision_id);
  const close_id = closeIdOf(request);
  return makeEntry(
    {
      book: book.name,
      id: closeEntryId(close_id),
      kind: EntryKind.CLOSE,
      event_us: request.exit_ts,
      known_us: book.knownTime === 'event' ? request.exit_ts : now_us,
      source: HTTP_SOURCE,
      origin: request.synthetic ? DataOrigin.SYNTHETIC : DataOrigin.MARKET,
    },
    {
      close: {
        close_id,
        decision_id: request.decision_id,
        exit_us: request.exit_ts,
        exit_price_ticks: present(pointsToTicks(request.exit_price, tick_size_e4), 'a price on the grid'),
        tick_size_e4,
        final_contracts: request.final_contracts ?? null,
      },
    },
  );
}
