import { FillLeg, ReasonCode, Strategy, type PortfolioPart } from '@bellwether/contracts';

/** No new trade of the arm in the symbol for so long after a stop. */
export const COOL_DOWN_US = 600_000_000;

export interface ArmDay {
  readonly strategy: Strategy;
  readonly symbol: string;
  /** Trades opened on the trade date. */
  readonly trades: number;
  /** Of the trade counted last: its further fills are no new trade. */
  readonly last_decision_id: string;
  /** Market time until which the arm rests in this symbol; 0 where it never had to. */
  readonly rests_until_us: number;
}

/** The same arms on a new trade date. The last decision is kept: a late fill of it is still no new trade. */
export function nextDay(days: readonly ArmDay[]): readonly ArmDay[] {
  return days.map((day) => ({ ...day, trades: 0 }));
}

/** The days after an entry that may have traded: positions that are new, trades that a stop ended. */
export function afterTrades(days: readonly ArmDay[], portfolio: PortfolioPart): readonly ArmDay[] {
  let next = days;
  for (const { strategy, symbol, decision_id } of [...portfolio.positions, ...portfolio.closed]) {
    if (strategy === Strategy.UNSPECIFIED || decision_id === '') continue;
    const day = dayOf(next, strategy, symbol);
    if (day.last_decision_id === decision_id) continue;
    next = replaced(next, { ...day, trades: day.trades + 1, last_decision_id: decision_id });
  }
  for (const { strategy, symbol, exit_leg, closed_us } of portfolio.closed) {
    if (strategy === Strategy.UNSPECIFIED || exit_leg !== FillLeg.STOP) continue;
    const day = dayOf(next, strategy, symbol);
    const rests_until_us = Math.max(day.rests_until_us, closed_us + COOL_DOWN_US);
    next = replaced(next, { ...day, rests_until_us });
  }
  return next;
}

/** Why the arm may not trade the symbol now, or null. `trades_max` is that of its parameters. */
export function restRefusal(
  days: readonly ArmDay[],
  strategy: Strategy,
  symbol: string,
  now_us: number,
  trades_max: number,
): ReasonCode | null {
  const day = knownDay(days, strategy, symbol);
  if ((day?.trades ?? 0) >= trades_max) return ReasonCode.DAILY_TRADE_CAP;
  return day !== null && now_us < day.rests_until_us ? ReasonCode.COOL_DOWN : null;
}

function knownDay(days: readonly ArmDay[], strategy: Strategy, symbol: string): ArmDay | null {
  for (const day of days) if (day.strategy === strategy && day.symbol === symbol) return day;
  return null;
}

function dayOf(days: readonly ArmDay[], strategy: Strategy, symbol: string): ArmDay {
  return (
    knownDay(days, strategy, symbol) ?? {
      strategy,
      symbol,
      trades: 0,
      last_decision_id: '',
      rests_until_us: 0,
    }
  );
}

function replaced(days: readonly ArmDay[], changed: ArmDay): readonly ArmDay[] {
  const others = days.filter((day) => day.strategy !== changed.strategy || day.symbol !== changed.symbol);
  return [...others, changed];
}
