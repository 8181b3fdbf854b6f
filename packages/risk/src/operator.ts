import {
  OperatorAction,
  ReasonCode,
  type Entry,
  type OperatorResult,
  type PortfolioPart,
} from '@bellwether/contracts';
import { plainly, type RiskState } from './state.js';

export interface Commanded {
  readonly state: RiskState;
  /** Null for an entry that is no command. */
  readonly result: OperatorResult | null;
}

/**
 * What a person told the book to do. A kill is latched like one of its own; no command clears a kill within its trade
 * date, and none brings an account back that is lost (architecture.md section 10).
 */
export function commanded(state: RiskState, entry: Entry, portfolio: PortfolioPart | null): Commanded {
  const action = entry.operator?.action ?? null;
  if (action === null) return { state, result: null };
  const trade_date = portfolio?.day?.trade_date ?? 0;
  const done = (next: RiskState): Commanded => ({
    state: next,
    result: { action, accepted: true, reason: ReasonCode.OK },
  });
  const refused = (reason: ReasonCode): Commanded => ({ state, result: { action, accepted: false, reason } });
  switch (action) {
    case OperatorAction.KILL: {
      const latches = { ...state.latches, kill_trade_date: trade_date };
      return done(plainly({ ...state, latches, dry_run: true }));
    }
    case OperatorAction.DRY_RUN:
      return done(plainly({ ...state, dry_run: true }));
    case OperatorAction.RESUME:
      if (portfolio?.account?.breached === true) return refused(ReasonCode.ACCOUNT_BREACHED);
      if (trade_date !== 0 && state.latches.kill_trade_date === trade_date) {
        return refused(ReasonCode.KILL_LATCHED);
      }
      return done(plainly({ ...state, dry_run: false }));
    case OperatorAction.FLATTEN:
      return done(state);
    default:
      return refused(ReasonCode.UNDEFINED);
  }
}
