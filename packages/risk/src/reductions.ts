import {
  EntryKind,
  ReasonCode,
  type Entry,
  type OrderIntent,
  type PortfolioPart,
  type Position,
} from '@bellwether/contracts';
import { instrumentOf, sessionAfter, sessionAt, sessionOf } from '@bellwether/market';
import { cancelIntent, closeIntent, type IntentBase } from './intents.js';
import type { EntryOrder, RiskState } from './state.js';
import { flatByUs } from './trading-window.js';

/** What reduces risk is never checked and never blocked. */
export interface Reductions {
  readonly state: RiskState;
  readonly intents: readonly OrderIntent[];
  /** Contracts that the CLOSE intents close. */
  readonly contracts: number;
}

/**
 * One CLOSE for each position that has to go and has none under way, one CANCEL for each entry order that has
 * to go and got none yet.
 */
export function reductionsOf(
  state: RiskState,
  entry: Entry,
  portfolio: PortfolioPart,
  decision_id: string,
): Reductions {
  if (portfolio.positions.length === 0 && state.entries.length === 0) {
    return { state, intents: [], contracts: 0 };
  }
  const intents: OrderIntent[] = [];
  const base = (): IntentBase => ({ decision_id, n: intents.length + 1, created_us: entry.event_us });
  const closes = [...state.closes];
  let contracts = 0;
  for (const position of portfolio.positions) {
    const reason = closeReason(state, entry, portfolio, position);
    const instrument = instrumentOf(position.symbol);
    if (reason === null || instrument === null || underWay(state, position)) continue;
    const intent = closeIntent(base(), position, instrument, dayOrderEnd(entry.event_us), reason);
    const { intent_id, symbol, expires_us } = intent;
    const { decision_id: of, quantity } = position;
    closes.push({ intent_id, symbol, decision_id: of, remaining: quantity, expires_us });
    contracts += position.quantity;
    intents.push(intent);
  }
  const entries = state.entries.map((order) => {
    const reason = order.cancelled ? null : cancelReason(state, entry, portfolio, order);
    const instrument = instrumentOf(order.symbol);
    if (reason === null || instrument === null) return order;
    intents.push(cancelIntent(base(), order, instrument, dayOrderEnd(entry.event_us), reason));
    return { ...order, cancelled: true };
  });
  return { state: intents.length === 0 ? state : { ...state, closes, entries }, intents, contracts };
}

/** How long a reduction stands where the calendar knows of no session: it may never fail for want of one. */
const WITHOUT_CALENDAR_US = 86_400_000_000;

/** Reductions have no deadline of their own: they stand like day orders, until the session ends. */
function dayOrderEnd(us: number): number {
  return (sessionAt(us) ?? sessionAfter(us))?.close_us ?? us + WITHOUT_CALENDAR_US;
}

function underWay(state: RiskState, position: Position): boolean {
  return state.closes.some(
    (close) => close.symbol === position.symbol && close.decision_id === position.decision_id,
  );
}

function isLatched(setOn: number, portfolio: PortfolioPart): boolean {
  return setOn !== 0 && setOn === portfolio.day?.trade_date;
}

function closeReason(
  state: RiskState,
  entry: Entry,
  portfolio: PortfolioPart,
  position: Position,
): ReasonCode | null {
  if (isLatched(state.latches.kill_trade_date, portfolio)) return ReasonCode.KILL_LATCHED;
  const request = portfolio.exits.find(
    (exit) => exit.symbol === position.symbol && exit.decision_id === position.decision_id,
  );
  if (request !== undefined) return request.reason;
  return isUnplannedAtFlatBy(state, entry, portfolio, position) ? ReasonCode.SESSION_FLAT : null;
}

/** A position without a plan has no time of its own; it may not stay open over flat-by either. */
function isUnplannedAtFlatBy(
  state: RiskState,
  entry: Entry,
  portfolio: PortfolioPart,
  position: Position,
): boolean {
  if (position.exit_by_us !== null || state.config === null) return false;
  if (entry.kind !== EntryKind.BAR && entry.kind !== EntryKind.CLOCK) return false;
  const session = sessionOf(portfolio.day?.trade_date ?? 0);
  return session !== null && entry.event_us >= flatByUs(session, state.config.limits);
}

/** After the soft limit an unfilled entry would be new risk, so it goes too. */
function cancelReason(
  state: RiskState,
  entry: Entry,
  portfolio: PortfolioPart,
  order: EntryOrder,
): ReasonCode | null {
  if (isLatched(state.latches.kill_trade_date, portfolio)) return ReasonCode.KILL_LATCHED;
  if (isLatched(state.latches.soft_trade_date, portfolio)) return ReasonCode.DAILY_SOFT_LOSS;
  const abandoned = entry.abandon !== null && entry.abandon.signal_id === order.signal_id;
  return abandoned ? ReasonCode.ABANDONED : null;
}
