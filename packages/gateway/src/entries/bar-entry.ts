import { DataOrigin, EntryKind, type Entry } from '@bellwether/contracts';
import { barId, makeEntry, present } from '@bellwether/kernel';
import { CALENDAR, calendarCovers, pointsToTicks } from '@bellwether/market';
import type { Book, Books } from '../books.js';
import type { TickRequest } from '../schema/tick.js';
import type { ProblemSink } from '../schema/request.js';
import { checkNotAhead, checkPrice, checkSymbol } from './checks.js';

const INTERVAL_US = { '1m': 60_000_000, '5m': 300_000_000 } as const;
const PRICES = ['o', 'h', 'l', 'c'] as const;

function intervalOf(book: Book, interval: '1m' | '5m' | undefined): number {
  return interval === undefined ? book.config.bar_interval_us : INTERVAL_US[interval];
}

/** What a bar must be beside well-formed: of the book, on the grid, in order, complete. */
export function checkBar(
  books: Books,
  given: Partial<TickRequest>,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  checkPriceOrder(given, problems);
  const book = books.check(given.book, problems);
  if (book === null) return;
  const instrument = checkSymbol(book, given.symbol, problems);
  if (instrument !== null) {
    for (const field of PRICES) checkPrice(instrument.tick_size_e4, field, given[field], problems);
  }
  if (given.ts === undefined) return;
  if (!calendarCovers(given.ts)) {
    const { first_trade_date, last_trade_date } = CALENDAR;
    problems.add(
      'ts',
      `The trading calendar covers ${first_trade_date} to ${last_trade_date}`,
      'no_calendar',
    );
  }
  const interval_us = intervalOf(book, given.interval);
  if (given.ts % interval_us !== 0) {
    const minutes = interval_us / 60_000_000;
    problems.add('ts', `A ${minutes}-minute bar opens at a whole multiple of ${minutes} minutes`);
  }
  checkNotAhead(book, 'ts', given.ts + interval_us, now_us, tolerance_us, problems);
}

function checkPriceOrder({ o, h, l, c }: Partial<TickRequest>, problems: ProblemSink): void {
  const inside = [o, c, l].filter((value) => value !== undefined);
  if (h !== undefined && inside.some((value) => value > h))
    problems.add('h', 'Below another price of the bar');
  const above = [o, c].filter((value) => value !== undefined);
  if (l !== undefined && above.some((value) => value < l))
    problems.add('l', 'Above another price of the bar');
}

/** The entry of a bar that passed {@link checkBar}. Its time is the bar's close. */
export function barEntry(book: Book, request: TickRequest, now_us: number): Entry {
  const { tick_size_e4 } = present(book.instrument(request.symbol), 'a symbol of the book');
  const ticks = (points: number): number =>
    present(pointsToTicks(points, tick_size_e4), 'a price on the grid');
  const interval_us = intervalOf(book, request.interval);
  const event_us = request.ts + interval_us;
  return makeEntry(
    {
      book: book.name,
      id: barId(request.symbol, interval_us, request.ts, request.source, request.revision),
      kind: EntryKind.BAR,
      event_us,
      known_us: book.knownTime === 'event' ? event_us : now_us,
      source: request.source,
      origin: request.synthetic ? DataOrigin.SYNTHETIC : DataOrigin.MARKET,
    },
    {
      bar: {
        symbol: request.symbol,
        open_us: request.ts,
        interval_us,
        tick_size_e4,
        open_ticks: ticks(request.o),
        high_ticks: ticks(request.h),
        low_ticks: ticks(request.l),
        close_ticks: ticks(request.c),
        volume: request.v,
        revision: request.revision,
        bid_size: request.bid_size ?? null,
        ask_size: request.ask_size ?? null,
        last_trade_dir: request.last_trade_dir ?? null,
      },
    },
  );
}
