import { pointsToTicks, ticksToPoints, type Instrument } from '@bellwether/market';
import type { Book } from '../books.js';
import type { ProblemSink } from '../schema/request.js';

/** The contract of a symbol of this book; null, with a problem noted, where it has none. */
export function checkSymbol(
  book: Book,
  symbol: string | undefined,
  problems: ProblemSink,
): Instrument | null {
  if (symbol === undefined) return null;
  const instrument = book.instrument(symbol);
  if (instrument === null) {
    const known = book.symbols.join(', ');
    problems.add('symbol', `The book ${book.name} trades ${known}`, 'unknown_symbol');
  }
  return instrument;
}

/** Notes a problem unless the price, in points, is a whole number of ticks. */
export function checkPrice(
  tick_size_e4: number,
  field: string,
  points: number | undefined,
  problems: ProblemSink,
): void {
  if (points === undefined || pointsToTicks(points, tick_size_e4) !== null) return;
  const tick = ticksToPoints(1, tick_size_e4);
  problems.add(field, `Not on the tick grid: expected a multiple of ${tick}, was ${points}`, 'off_tick_grid');
}

/** Notes a problem where something is said to have happened after now. */
export function checkNotAhead(
  book: Book,
  field: string,
  us: number | undefined,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  if (us === undefined || book.knownTime === 'event' || us <= now_us + tolerance_us) return;
  problems.add(field, 'Lies after the present time of the gateway');
}
