import { Action, type Frame } from '@bellwether/contracts';
import { Violation } from './violation.js';

/**
 * Watches the account of one book over all of its frames, whoever wrote them: money adds up to the cent, the floor never
 * falls, and nothing is entered once a limit of the trade date is latched, or in a dry run. Throws {@link Violation}.
 */
export class AccountCheck {
  #floor_cents = Number.NEGATIVE_INFINITY;

  add({ seq, portfolio, risk }: Frame): void {
    const account = portfolio?.account ?? null;
    const day = portfolio?.day ?? null;
    if (account === null || day === null) return;
    const broken = (what: string): Violation => new Violation('account', `frame ${seq}: ${what}`);
    if (account.floor_cents < this.#floor_cents) throw broken('the floor fell');
    this.#floor_cents = account.floor_cents;
    if (day.pnl_cents !== day.realised_cents + day.open_pnl_cents - day.fees_cents) {
      throw broken('the day does not add up');
    }
    if (account.equity_cents !== account.balance_cents + day.open_pnl_cents) {
      throw broken('equity is not balance and open profit');
    }
    if (account.headroom_cents !== account.worst_equity_cents - account.floor_cents) {
      throw broken('headroom is not worst equity above the floor');
    }
    const entered = risk?.action === Action.BUY || risk?.action === Action.SELL;
    if (!entered) return;
    const { latches, dry_run } = risk;
    const latched =
      latches?.soft_trade_date === day.trade_date || latches?.kill_trade_date === day.trade_date;
    if (latched || dry_run || account.breached) throw broken('it entered after a limit');
  }
}
