import type { ClosedTrade } from '@bellwether/contracts';
import { tradeDateAt } from '@bellwether/market';

/** Net results by trade date of the close, zeros included. */
export function dailyNets(trades: readonly ClosedTrade[], dates: readonly number[]): readonly number[] {
  const nets = new Map(dates.map((date) => [date, 0]));
  for (const { closed_us, net_cents } of trades) {
    const date = tradeDateAt(closed_us);
    nets.set(date, (nets.get(date) ?? 0) + net_cents);
  }
  return dates.map((date) => nets.get(date) ?? 0);
}
