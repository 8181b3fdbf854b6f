import type { Latches, PortfolioPart, RiskLimits } from '@bellwether/contracts';

/** Profit of the trade date by which the limits are judged: at the worst price, or as it stands where that is lower. */
export function judgedPnlCents({ day, account }: PortfolioPart): number {
  const now = day?.pnl_cents ?? 0;
  return account === null ? now : Math.min(now, account.worst_day_pnl_cents);
}

/**
 * The latches after this account. Each holds for the trade date in which it was set, whatever comes after,
 * and is cleared when the date rolls (architecture.md section 10).
 */
export function judged(latches: Latches, portfolio: PortfolioPart, limits: RiskLimits): Latches {
  const trade_date = portfolio.day?.trade_date ?? 0;
  const pnl = judgedPnlCents(portfolio);
  const soft = latched(latches.soft_trade_date, trade_date, pnl <= -limits.daily_soft_loss_cents);
  const kill = latched(latches.kill_trade_date, trade_date, pnl <= -limits.daily_kill_loss_cents);
  if (soft === latches.soft_trade_date && kill === latches.kill_trade_date) return latches;
  return { soft_trade_date: soft, kill_trade_date: kill };
}

function latched(setOn: number, trade_date: number, reached: boolean): number {
  if (setOn === trade_date && setOn !== 0) return setOn;
  return reached ? trade_date : 0;
}
