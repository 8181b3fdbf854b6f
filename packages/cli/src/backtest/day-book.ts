import type { Frame, PortfolioPart } from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';
import { Side } from '@bellwether/contracts';
import type { AccountDay } from '@bellwether/statistics';

/** One trade date of the account as the frames tell it. Cents; net, worst and best against the balance at its start. */
export interface DayRow extends AccountDay {
  readonly trade_date: number;
  readonly fees_cents: number;
  readonly trades: number;
  readonly equity_cents: number;
  /** Least distance of the worst equity to the floor; null without an account profile. */
  readonly headroom_cents: number | null;
  /** Positions at the end of the last frame of the date. */
  readonly open_positions: number;
}

interface OpenDay {
  readonly trade_date: number;
  readonly start_cents: number;
  worst_cents: number;
  best_cents: number;
  fees_cents: number;
  trades: number;
  equity_cents: number;
  headroom_cents: number | null;
  open_positions: number;
}

/**
 * The days of an account, from the ledger that the portfolio keeps. A date is there once a bar was decided on in it; what a
 * warm-up tells is none of it.
 */
export class DayBook {
  readonly #days: OpenDay[] = [];
  #balance_cents = 0;
  #start_cents: number | null = null;

  /** Equity at the start of the account; 0 without a profile. */
  get start_cents(): number {
    return this.#start_cents ?? 0;
  }

  add({ entry, portfolio }: Frame): void {
    if (portfolio === null) return;
    const { account } = portfolio;
    this.#start_cents ??= account?.start_balance_cents ?? null;
    const date = portfolio.day?.trade_date ?? 0;
    let day = this.#days.at(-1);
    if (day?.trade_date !== date) {
      if (date === 0 || entry === null || entry.bar === null) {
        this.#balance_cents = account?.balance_cents ?? this.#balance_cents;
        return;
      }
      day = this.#opened(date);
    }
    day.trades += portfolio.closed.length;
    day.open_positions = portfolio.positions.length;
    day.fees_cents = portfolio.day?.fees_cents ?? day.fees_cents;
    const equity = account?.equity_cents ?? day.start_cents + (portfolio.day?.pnl_cents ?? 0);
    const worst = account?.worst_equity_cents ?? equity;
    const best = equity + (portfolio.positions.length === 0 ? 0 : bestAboveClose(portfolio, entry));
    day.equity_cents = equity;
    day.worst_cents = Math.min(day.worst_cents, worst - day.start_cents);
    day.best_cents = Math.max(day.best_cents, best - day.start_cents);
    if (account !== null) {
      this.#balance_cents = account.balance_cents;
      day.headroom_cents = Math.min(day.headroom_cents ?? account.headroom_cents, account.headroom_cents);
    }
  }

  /** In order. Call it after the last frame. */
  days(): readonly DayRow[] {
    return this.#days.map(({ start_cents, ...day }) => {
      const net_cents = day.equity_cents - start_cents;
      return {
        ...day,
        net_cents,
        worst_cents: Math.min(day.worst_cents, net_cents),
        best_cents: Math.max(day.best_cents, net_cents),
      };
    });
  }

  #opened(trade_date: number): OpenDay {
    const before = this.#days.at(-1);
    const start_cents = before?.equity_cents ?? (this.#balance_cents || this.start_cents);
    const day = {
      ...{ trade_date, start_cents, worst_cents: 0, best_cents: 0, fees_cents: 0, trades: 0 },
      ...{ equity_cents: start_cents, headroom_cents: null, open_positions: 0 },
    };
    this.#days.push(day);
    return day;
  }
}

/** How far above its close the bar of this frame has carried what is open, in cents. */
function bestAboveClose({ positions }: PortfolioPart, entry: Frame['entry']): number {
  const bar = entry?.bar ?? null;
  if (bar === null) return 0;
  let cents = 0;
  for (const { symbol, side, quantity } of positions) {
    if (symbol !== bar.symbol) continue;
    const ticks = side === Side.SHORT ? bar.close_ticks - bar.low_ticks : bar.high_ticks - bar.close_ticks;
    cents += ticks * quantity * (instrumentOf(symbol)?.tick_value_cents ?? 0);
  }
  return cents;
}
