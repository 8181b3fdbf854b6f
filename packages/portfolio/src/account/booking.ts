import {
  FillLeg,
  ReasonCode,
  Side,
  type Close,
  type ClosedTrade,
  type Entry,
  type Fill,
  type FillResult,
} from '@bellwether/contracts';
import { bookClose, bookFill, isSeen, positionOf, refused, remember, type Booked } from '../fills.js';
import { entryTicks } from '../position.js';
import { withAccount, type PortfolioState } from '../state.js';
import type { FillFact } from './account-state.js';
import { bookCorrection, factOf } from './corrections.js';
import { withExtremes, withFillPrice } from './excursions.js';
import type { Movement } from './reconcile.js';

/** What the fill, close or order end of an entry did, with every fill that had waited for it. */
export interface Bookings {
  readonly state: PortfolioState;
  readonly result: FillResult | null;
  readonly closed: readonly ClosedTrade[];
  readonly moved: readonly Movement[];
  /** Contracts bought and sold. */
  readonly contracts: number;
}

/** Exits that wait for their entry; one more counts by itself. */
export const EARLY_FILLS_MAX = 32;

/** Facts kept for corrections. A few dozen fills a day are usual. */
export const FACTS_MAX = 4_096;

const NOTHING: readonly never[] = [];

/** Books the fill or the reported close of an entry; null for an entry that has none. */
export function bookedEntry(state: PortfolioState, entry: Entry): Bookings | null {
  if (entry.fill !== null) return fillBookings(state, entry.fill);
  return entry.close === null ? null : closeBookings(state, entry.close);
}

function fillBookings(state: PortfolioState, fill: Fill): Bookings {
  if (isSeen(state.seen, fill.fill_id)) {
    return nothing(refused(state, fill.symbol, ReasonCode.DUPLICATE_FILL));
  }
  if (fill.corrects_fill_id !== null) return correctionBookings(state, fill, fill.corrects_fill_id);
  return isEarly(state, fill) ? nothing(held(state, fill)) : movedBy(state, fill, bookFill(state, fill));
}

function nothing({ state, result, closed }: Booked): Bookings {
  return { state, result, closed, moved: NOTHING, contracts: 0 };
}

/** A correction that comes before the fill it corrects stands for it, and that fill then is a duplicate. */
function correctionBookings(state: PortfolioState, fill: Fill, corrects: string): Bookings {
  const fact = factOf(state.account.facts, corrects);
  const booked =
    fact !== null
      ? bookCorrection(state, fill, fact)
      : fill.quantity === 0
        ? { ...refused(state, fill.symbol, ReasonCode.CORRECTED_FILL), state: { ...state } }
        : bookFill(state, fill);
  if (booked.state === state) return nothing(booked);
  const seen = remember(remember(booked.state.seen, corrects), fill.fill_id);
  const facts = state.account.facts.map((item) =>
    item === fact ? { ...item, replaced_by: fill.fill_id } : item,
  );
  const account = { ...state.account, facts };
  const result = { ...booked.result, matched: true };
  return movedBy(state, fill, { ...booked, result, state: { ...booked.state, seen, account } }, fact);
}

/**
 * An exit that names the decision of an entry order which nothing has filled yet: the broker's reports came out of order.
 * Booked by itself it would open the other way.
 */
function isEarly(state: PortfolioState, fill: Fill): boolean {
  if (fill.cause_id !== '' || fill.quantity <= 0) return false;
  if (fill.leg === FillLeg.ENTRY || fill.leg === FillLeg.UNSPECIFIED) return false;
  if (positionOf(state, fill.symbol) !== null || state.account.early.length >= EARLY_FILLS_MAX) return false;
  return awaitsEntry(state, fill);
}

function awaitsEntry(state: PortfolioState, fill: Fill): boolean {
  return state.orders.some(
    ({ intent, live }) =>
      live &&
      intent.symbol === fill.symbol &&
      intent.side !== fill.side &&
      (intent.decision_id === fill.decision_id || intent.intent_id === fill.intent_id),
  );
}

function held(state: PortfolioState, fill: Fill): Booked {
  const { result, closed } = refused(state, fill.symbol, ReasonCode.EARLY_FILL);
  const seen = remember(state.seen, fill.fill_id);
  const account = { ...state.account, early: [...state.account.early, fill] };
  return { state: { ...state, seen, account }, result: { ...result, matched: true }, closed };
}

/** The state with the early exits whose entry is there, or will not come any more. */
export function releasedEarly(before: Bookings): Bookings {
  let bookings = before;
  for (const fill of before.state.account.early) {
    const { state } = bookings;
    const position = positionOf(state, fill.symbol);
    const fits = position !== null && position.side !== fill.side && position.quantity >= fill.quantity;
    if (!fits && (position !== null || awaitsEntry(state, fill))) continue;
    const early = state.account.early.filter((item) => item !== fill);
    // Its id was remembered when it came, so it is booked under another.
    const open = withAccount(state, { ...state.account, early });
    const next = movedBy(open, fill, bookFill(open, { ...fill, fill_id: `${fill.fill_id}:now` }));
    bookings = {
      state: next.state,
      result: bookings.result,
      closed: [...bookings.closed, ...next.closed],
      moved: [...bookings.moved, ...next.moved],
      contracts: bookings.contracts + next.contracts,
    };
  }
  return bookings;
}

/** `instead` is the fill in whose place this one stands. */
function movedBy(
  before: PortfolioState,
  fill: Fill,
  booked: Booked,
  instead: FillFact | null = null,
): Bookings {
  if (booked.state === before) return nothing(booked);
  const { symbol, quantity, fill_us: at_us } = fill;
  const old = instead?.symbol === symbol ? instead : null;
  const contracts = signed(fill) - (old === null ? 0 : signed(old));
  const was = positionOf(before, symbol);
  const is = positionOf(booked.state, symbol);
  const entered = is?.side === fill.side && (was === null || was.side === fill.side);
  const fact: FillFact = {
    ...{ fill_id: fill.fill_id, trade_date: before.trade_date, symbol, side: fill.side, quantity },
    ...{ price_ticks: fill.price_ticks, fee_cents: fill.fee_cents, replaced_by: null },
    entered_us: is !== null && entered ? is.opened_us : null,
  };
  const facts = [...booked.state.account.facts, fact].slice(-FACTS_MAX);
  const traded = Math.max(0, quantity - (old?.quantity ?? 0));
  return withPrices(before, booked, { symbol, contracts, at_us }, fill.price_ticks, traded, facts);
}

function signed({ side, quantity }: Pick<Fill, 'side' | 'quantity'>): number {
  return side === Side.SHORT ? -quantity : quantity;
}

function closeBookings(state: PortfolioState, close: Close): Bookings {
  const was = state.positions.find(
    ({ decision_id }) => decision_id === close.decision_id && decision_id !== '',
  );
  const booked = bookClose(state, close);
  if (was === undefined || booked.state === state) return nothing(booked);
  const quantity = was.quantity - (positionOf(booked.state, was.symbol)?.quantity ?? 0);
  const contracts = was.side === Side.SHORT ? quantity : -quantity;
  const movement = { symbol: was.symbol, contracts, at_us: close.exit_us };
  return withPrices(state, booked, movement, close.exit_price_ticks, quantity, state.account.facts);
}

function withPrices(
  before: PortfolioState,
  booked: Booked,
  movement: Omit<Movement, 'cents'>,
  price_ticks: number,
  quantity: number,
  facts: readonly FillFact[],
): Bookings {
  const { state, result } = booked;
  const { symbol } = movement;
  const cents = state.realised_cents - state.fees_cents - (before.realised_cents - before.fees_cents);
  // The exit price belongs to the trade that it closes, and to the one that it may open the other way.
  const through = withFillPrice(before.account.excursions, before.positions, symbol, price_ticks);
  const was = positionOf(before, symbol);
  const closed = booked.closed.map((trade) => {
    const excursion = through.find((item) => item.symbol === symbol && item.opened_us === trade.opened_us);
    if (was === null || excursion === undefined) return trade;
    return withExtremes(trade, was, excursion, entryTicks(was));
  });
  const excursions = withFillPrice(through, state.positions, symbol, price_ticks);
  const account = { ...state.account, excursions, facts };
  return {
    state: withAccount(state, account),
    ...{ result, closed, moved: [{ ...movement, cents }], contracts: quantity },
  };
}
