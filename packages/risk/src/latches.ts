import type { DayAccount, Latches, RiskLimits } from '@bellwether/contracts';

/**
 * The latches after this account. Each holds for the trade date in which it was set, whatever comes after,
 * and is cleared when the date rolls (architecture.md section 10).
 */
export function judged(latches: Latches, day: DayAccount, limits: RiskLimits): Latches {
  const soft = latched(latches.soft_trade_date, day, limits.daily_soft_loss_cents);
  const kill = latched(latches.kill_trade_date, day, limits.daily_kill_loss_cents);
  if (soft === latches.soft_trade_date && kill === latches.kill_trade_date) return latches;
  return { soft_trade_date: soft, kill_trade_date: kill };
}

function latched(setOn: number, day: DayAccount, limitCents: number): number {
  if (setOn === day.trade_date && setOn !== 0) return setOn;
  return day.pnl_cents <= -limitCents ? day.trade_date : 0;
}
