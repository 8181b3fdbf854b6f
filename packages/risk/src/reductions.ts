import {
  EntryKind,
  ReasonCode,
  type Entry,
  type OrderIntent,
  type PortfolioPart,
  type Position,
} from '@bellwether/contracts';
import { flattens } from '@bellwether/kernel';
import { instrumentOf, sessionAfter, sessionAt, sessionOf } from '@bellwether/market';
import { cancelIntent, closeIntent, moveStopIntent, type IntentBase } from './intents.js';
import { plainly, type EntryOrder, type RiskState } from './state.js';
import { flatByUs } from './trading-window.js';

/** What reduces risk is never checked and never blocked. */
export interface Reductions {
  readonly state: RiskState;
  readonly intents: readonly OrderIntent[];
  /** Contracts that the CLOSE intents close. */
  readonly contracts: number;
}

const NO_INTENTS: readonly OrderIntent[] = [];

/**
 * One CLOSE for each position of which contracts have to go that none has under way, one CANCEL for each entry order that has
 * to go and got none yet.
 */
export function reductionsOf(
  state: RiskState,
  entry: Entry,
  portfolio: PortfolioPart,
  decision_id: string,
): Reductions {
  if (portfolio.positions.length === 0 && state.entries.length === 0) {
    return { state, intents: NO_INTENTS, contracts: 0 };
  }
  const intents: OrderIntent[] = [];
  const base = (): IntentBase => ({ decision_id, n: intents.length + 1, created_us: entry.event_us });
  const closes = [...state.closes];
  let contracts = 0;
  for (const position of portfolio.positions) {
    const wanted = closeWanted(state, entry, portfolio, position);
    const instrument = instrumentOf(position.symbol);
    if (wanted === null || instrument === null) continue;
    // A part under way must not hide that the whole has to go.
    const all = wanted.quantity >= position.quantity;
    const quantity = notUnderWay(state, position, all ? position.quantity : wanted.quantity);
    if (quantity <= 0) continue;
    const close = { quantity, expires_us: dayOrderEnd(entry.event_us), reason: wanted.reason };
    const intent = closeIntent(base(), position, instrument, close);
    const { intent_id, symbol, expires_us } = intent;
    const { decision_id: of } = position;
    closes.push({ intent_id, symbol, decision_id: of, remaining: quantity, whole: all, expires_us });
    contracts += quantity;
    intents.push(intent);
  }
  const entries = state.entries.map((order) => {
    const reason = order.cancelled ? null : cancelReason(state, entry, portfolio, order);
    const instrument = instrumentOf(order.symbol);
    if (reason === null || instrument === null) return order;
    intents.push(cancelIntent(base(), order, instrument, dayOrderEnd(entry.event_us), reason));
    return { ...order, cancelled: true };
  });
  const after = intents.length === 0 ? state : plainly({ ...state, closes, entries });
  return { state: after, intents, contracts };
}

/** How long a reduction stands where the calendar knows of no session: it may never fail for want of one. */
const WITHOUT_CALENDAR_US = 86_400_000_000;

/**
 * One MOVE_STOP for each stop that the portfolio has moved. It cannot be refused: a stop only goes nearer. `first` is
 * the number of the first within the decision.
 */
export function stopOrders(
  entry: Entry,
  portfolio: PortfolioPart,
  decision_id: string,
  first: number,
): readonly OrderIntent[] {
  if (portfolio.stop_moves.length === 0) return NO_INTENTS;
  const orders: OrderIntent[] = [];
  for (const { symbol, to_ticks } of portfolio.stop_moves) {
    const position = portfolio.positions.find((item) => item.symbol === symbol);
    const instrument = instrumentOf(symbol);
    if (position === undefined || instrument === null) continue;
    const base = { decision_id, n: first + orders.length, created_us: entry.event_us };
    orders.push(moveStopIntent(base, position, to_ticks, instrument, dayOrderEnd(entry.event_us)));
  }
  return orders;
}

/** Reductions have no deadline of their own: they stand like day orders, until the session ends. */
function dayOrderEnd(us: number): number {
  return (sessionAt(us) ?? sessionAfter(us))?.close_us ?? us + WITHOUT_CALENDAR_US;
}

/** Contracts of the position that no CLOSE order is closing; none while one for the whole of it is under way. */
function notUnderWay(state: RiskState, position: Position, wanted: number): number {
  let left = wanted;
  for (const close of state.closes) {
    if (close.symbol !== position.symbol || close.decision_id !== position.decision_id) continue;
    if (close.whole) return 0;
    left -= close.remaining;
  }
  return left;
}

function isLatched(setOn: number, portfolio: PortfolioPart): boolean {
  return setOn !== 0 && setOn === portfolio.day?.trade_date;
}

interface CloseWanted {
  readonly quantity: number;
  readonly reason: ReasonCode;
}

function closeWanted(
  state: RiskState,
  entry: Entry,
  portfolio: PortfolioPart,
  position: Position,
): CloseWanted | null {
  const all = (reason: ReasonCode): CloseWanted => ({ quantity: position.quantity, reason });
  if (isLatched(state.latches.kill_trade_date, portfolio)) return all(ReasonCode.KILL_LATCHED);
  if (portfolio.account?.breached === true) return all(ReasonCode.ACCOUNT_BREACHED);
  if (flattens(entry)) return all(ReasonCode.OPERATOR);
  const request = portfolio.exits.find(
    (exit) => exit.symbol === position.symbol && exit.decision_id === position.decision_id,
  );
  if (request !== undefined) {
    return { quantity: request.quantity ?? position.quantity, reason: request.reason };
  }
  const late = isUnplannedAtFlatBy(state, entry, portfolio, position);
  return late ? all(ReasonCode.SESSION_FLAT) : null;
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
  return session !== null && entry.event_us >= flatByUs(session, state.config);
}

/** Where no new risk may be taken an unfilled entry would be some, so it goes too. */
function cancelReason(
  state: RiskState,
  entry: Entry,
  portfolio: PortfolioPart,
  order: EntryOrder,
): ReasonCode | null {
  if (isLatched(state.latches.kill_trade_date, portfolio)) return ReasonCode.KILL_LATCHED;
  if (isLatched(state.latches.soft_trade_date, portfolio)) return ReasonCode.DAILY_SOFT_LOSS;
  if (portfolio.account?.breached === true) return ReasonCode.ACCOUNT_BREACHED;
  if (flattens(entry)) return ReasonCode.OPERATOR;
  if (state.dry_run) return ReasonCode.DRY_RUN;
  if (portfolio.reconciliation?.matched === false) return ReasonCode.RECONCILE;
  const abandoned = entry.abandon !== null && entry.abandon.signal_id === order.signal_id;
  return abandoned ? ReasonCode.ABANDONED : null;
}
