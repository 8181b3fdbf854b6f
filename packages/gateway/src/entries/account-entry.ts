import { DataOrigin, EntryKind, type Entry } from '@bellwether/contracts';
import { accountEntryId, makeEntry } from '@bellwether/kernel';
import type { Book, Books } from '../books.js';
import type { AccountRequest } from '../schema/account.js';
import type { ProblemSink } from '../schema/request.js';
import { wholeCents } from './amounts.js';
import { checkNotAhead } from './checks.js';
import { HTTP_SOURCE } from './signal-entry.js';

/** A position in a symbol that the book does not trade is no error: it is a difference, and must show as one. */
export function checkAccount(
  books: Books,
  given: Partial<AccountRequest>,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  if (given.balance_usd !== undefined && wholeCents(given.balance_usd) === null) {
    problems.add('balance_usd', 'Expected whole cents');
  }
  const symbols = (given.positions ?? []).map(({ symbol }) => symbol);
  symbols.forEach((symbol, i) => {
    if (symbols.indexOf(symbol) < i) problems.add(`positions.${i}.symbol`, `Named twice: ${symbol}`);
  });
  const book = books.check(given.book, problems);
  if (book !== null) checkNotAhead(book, 'ts', given.ts, now_us, tolerance_us, problems);
}

export function accountEntry(book: Book, request: AccountRequest, now_us: number): Entry {
  const { snapshot_id, ts, positions, balance_usd, can_trade } = request;
  return makeEntry(
    {
      ...{ book: book.name, id: accountEntryId(snapshot_id), kind: EntryKind.ACCOUNT, event_us: ts },
      known_us: book.knownTime === 'event' ? ts : now_us,
      source: HTTP_SOURCE,
      origin: request.synthetic ? DataOrigin.SYNTHETIC : DataOrigin.MARKET,
    },
    {
      account: {
        ...{ snapshot_id, as_of_us: ts, positions, can_trade: can_trade ?? null },
        balance_cents: balance_usd === undefined ? null : wholeCents(balance_usd),
      },
    },
  );
}
