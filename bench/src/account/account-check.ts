import type { Frame } from '@bellwether/contracts';
import { check } from '../bench.js';

/** What an account must never do, whatever the market did. Looked at in every decision of the run that is measured. */
export class AccountCheck {
  #floor_cents = Number.NEGATIVE_INFINITY;
  #trade_date = 0;
  #open = 0;
  #dates = 0;
  #trades = 0;

  /** Trade dates that ended, or began. */
  get dates(): number {
    return this.#dates;
  }

  get trades(): number {
    return this.#trades;
  }

  add({ portfolio, seq }: Frame): void {
    const day = portfolio?.day ?? null;
    const account = portfolio?.account ?? null;
    if (portfolio === null || day === null || account === null) return;
    check(account.floor_cents >= this.#floor_cents, `Frame ${seq}: The floor never falls`);
    check(
      account.equity_cents === account.balance_cents + day.open_pnl_cents &&
        account.headroom_cents === account.worst_equity_cents - account.floor_cents,
      `Frame ${seq}: The account adds up to the cent`,
    );
    if (day.trade_date !== this.#trade_date) {
      check(this.#open === 0, `Trade date ${this.#trade_date}: Every trade date ends flat`);
      this.#dates += 1;
    }
    this.#floor_cents = account.floor_cents;
    this.#trade_date = day.trade_date;
    this.#open = portfolio.positions.length;
    this.#trades += portfolio.closed.length;
  }
}
