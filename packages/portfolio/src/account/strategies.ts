import type { ClosedTrade, StrategyDay } from '@bellwether/contracts';

/** What each strategy earned in the trade date, with these trades in it, in the order of their numbers. */
export function withTrades(
  days: readonly StrategyDay[],
  closed: readonly ClosedTrade[],
): readonly StrategyDay[] {
  let next = days;
  for (const trade of closed) {
    const known = next.find(({ strategy }) => strategy === trade.strategy);
    const day: StrategyDay = {
      strategy: trade.strategy,
      trades: (known?.trades ?? 0) + 1,
      gross_cents: (known?.gross_cents ?? 0) + trade.gross_cents,
      fees_cents: (known?.fees_cents ?? 0) + trade.fees_cents,
      net_r: (known?.net_r ?? 0) + (trade.net_r ?? 0),
    };
    next = [...next.filter((item) => item !== known), day].sort((a, b) => a.strategy - b.strategy);
  }
  return next;
}
