import { uniformOf } from '@bellwether/kernel';

/**
 * What a broker takes for granted where one bar held stop and profit and nobody knows which came first. `stop_first` is the
 * rule of every book (domain.md 8.4); the others are for backtests alone, which show how much hangs on it.
 */
export type IntrabarOrder = 'stop_first' | 'profit_first' | 'coin';

/** `id` draws the coin: the same bar and trade give the same side. */
export function profitFirst(order: IntrabarOrder, id: string): boolean {
  if (order === 'stop_first') return false;
  return order === 'profit_first' || uniformOf(id) < 0.5;
}
