import { ReasonCode, type Entry, type Fill, type PortfolioPart } from '@bellwether/contracts';
import { plainly, type CloseOrder, type EntryOrder, type RiskState } from './state.js';

/** Orders under way after this entry: what was taken on, filled, ended, and what lost its position. */
export function followed(state: RiskState, entry: Entry, portfolio: PortfolioPart | null): RiskState {
  let { entries, closes } = state;
  if (entries.length === 0 && closes.length === 0) return state;
  if (entry.order !== null) {
    const { intent_id } = entry.order;
    entries = entries.map((item) => (item.intent_id === intent_id ? { ...item, taken: true } : item));
  }
  if (entry.order_end !== null) {
    const { intent_id } = entry.order_end;
    entries = entries.filter((item) => item.intent_id !== intent_id);
    closes = closes.filter((item) => item.intent_id !== intent_id);
  }
  if (entry.fill !== null && portfolio?.fill_result?.reason !== ReasonCode.DUPLICATE_FILL) {
    entries = afterFill(entries, entry.fill, isEntryFill);
    closes = afterFill(closes, entry.fill, isCloseFill);
  }
  if (portfolio !== null) closes = withPositions(closes, portfolio);
  closes = unexpired(closes, entry);
  return entries === state.entries && closes === state.closes
    ? state
    : plainly({ ...state, entries, closes });
}

function isEntryFill(order: EntryOrder, fill: Fill): boolean {
  if (order.symbol !== fill.symbol || order.side !== fill.side) return false;
  return fill.intent_id === null
    ? order.decision_id === fill.decision_id
    : order.intent_id === fill.intent_id;
}

function isCloseFill(order: CloseOrder, fill: Fill): boolean {
  return order.intent_id === fill.intent_id;
}

function afterFill<T extends { readonly remaining: number }>(
  orders: readonly T[],
  fill: Fill,
  fits: (order: T, fill: Fill) => boolean,
): readonly T[] {
  const order = orders.find((item) => fits(item, fill));
  if (order === undefined) return orders;
  const remaining = order.remaining - fill.quantity;
  if (remaining <= 0) return orders.filter((item) => item !== order);
  return orders.map((item) => (item === order ? { ...item, remaining } : item));
}

/** Time passes for orders with the market's own entries only; a caller's clock ends nothing. */
function unexpired(closes: readonly CloseOrder[], entry: Entry): readonly CloseOrder[] {
  if (entry.bar === null && entry.clock === null) return closes;
  const alive = ({ expires_us }: CloseOrder): boolean => entry.event_us < expires_us;
  return closes.every(alive) ? closes : closes.filter(alive);
}

/** A close whose position is gone has nothing left to do, whatever becomes of its order. */
function withPositions(closes: readonly CloseOrder[], portfolio: PortfolioPart): readonly CloseOrder[] {
  const open = (close: CloseOrder): boolean =>
    portfolio.positions.some(
      (item) => item.symbol === close.symbol && item.decision_id === close.decision_id,
    );
  return closes.every(open) ? closes : closes.filter(open);
}
