import { DataOrigin, EntryKind, FillLeg, Side, Strategy, type Entry } from '@bellwether/contracts';
import { fillEntryId, makeEntry, present } from '@bellwether/kernel';
import { instrumentOf, pointsToTicks } from '@bellwether/market';
import type { Book, Books } from '../books.js';
import type { FillRequest } from '../schema/fill.js';
import type { ProblemSink } from '../schema/request.js';
import { wholeCents } from './amounts.js';
import { checkNotAhead, checkPrice, checkSymbol } from './checks.js';
import { HTTP_SOURCE } from './signal-entry.js';

type LegName = Exclude<keyof typeof FillLeg, 'UNSPECIFIED'>;

export function checkFill(
  books: Books,
  given: Partial<FillRequest>,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  if (given.fee_usd !== undefined && wholeCents(given.fee_usd) === null) {
    problems.add('fee_usd', 'Expected whole cents');
  }
  if (given.contracts === 0 && given.corrects === undefined) {
    problems.add('contracts', 'Expected 1 or more; 0 takes back the fill that `corrects` names');
  }
  if (given.corrects !== undefined && given.corrects === given.fill_id) {
    problems.add('corrects', 'Expected another fill: a correction has an id of its own');
  }
  const book = books.check(books.nameFor(given.book, given.decision_id), problems);
  if (book === null) return;
  const instrument = checkSymbol(book, given.symbol, problems);
  if (instrument !== null) checkPrice(instrument.tick_size_e4, 'price', given.price, problems);
  checkNotAhead(book, 'ts', given.ts, now_us, tolerance_us, problems);
}

/** Fee of a fill for which the caller names none: that of the book, else that of the contract table. */
function usualFee(book: Book, request: FillRequest): number {
  const own = book.config.symbols.find((item) => item.symbol === request.symbol)?.fee_per_side_cents;
  const usual = own ?? present(instrumentOf(request.symbol), 'a known symbol').fee_per_side_cents_default;
  return usual * request.contracts;
}

export function fillEntry(book: Book, request: FillRequest, now_us: number): Entry {
  const { tick_size_e4 } = present(book.instrument(request.symbol), 'a symbol of the book');
  return makeEntry(
    {
      book: book.name,
      id: fillEntryId(request.fill_id),
      kind: EntryKind.FILL,
      event_us: request.ts,
      known_us: book.knownTime === 'event' ? request.ts : now_us,
      source: HTTP_SOURCE,
      origin: request.synthetic ? DataOrigin.SYNTHETIC : DataOrigin.MARKET,
    },
    {
      fill: {
        fill_id: request.fill_id,
        decision_id: request.decision_id ?? null,
        intent_id: request.intent_id ?? null,
        symbol: request.symbol,
        side: Side[request.side],
        quantity: request.contracts,
        price_ticks: present(pointsToTicks(request.price, tick_size_e4), 'a price on the grid'),
        tick_size_e4,
        fee_cents:
          request.fee_usd === undefined
            ? usualFee(book, request)
            : present(wholeCents(request.fee_usd), 'a fee in whole cents'),
        fill_us: request.ts,
        leg: FillLeg[request.leg.toUpperCase() as LegName],
        cause_id: '',
        ambiguous: false,
        strategy: request.strategy_id === undefined ? null : Strategy[request.strategy_id],
        corrects_fill_id: request.corrects ?? null,
      },
    },
  );
}
