import {
  FillLeg,
  RegimeState,
  type Strategy,
  type ClosedTrade,
  type OrderIntent,
  type Side,
} from '@bellwether/contracts';
import type { Instrument } from '@bellwether/market';
import { forSide } from './levels.js';
import type { OpenPosition } from './state.js';

/** What was traded: a fill, a part of one, or a reported close. */
export interface Execution {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly price_ticks: number;
  readonly fee_cents: number;
  readonly at_us: number;
  readonly leg: FillLeg;
  readonly cause_id: string;
  readonly ambiguous: boolean;
  /** Who the caller says it is for; the plan's strategy counts where there is a plan. */
  readonly strategy: Strategy;
}

/** The part of a plan that a position keeps. */
function planFields(
  plan: OrderIntent,
  opened_us: number,
): Pick<
  OpenPosition,
  | 'decision_id'
  | 'intent_id'
  | 'strategy'
  | 'regime'
  | 'stop_ticks'
  | 'target_ticks'
  | 'time_stop_at_us'
  | 'flat_by_us'
> {
  return {
    decision_id: plan.decision_id,
    intent_id: plan.intent_id,
    strategy: plan.strategy,
    regime: plan.regime,
    stop_ticks: plan.stop_ticks,
    target_ticks: plan.target_ticks,
    time_stop_at_us: plan.time_stop_us === null ? null : timeStopAtUs(opened_us, plan.time_stop_us),
    flat_by_us: plan.flat_by_us,
  };
}

const NO_PLAN = {
  decision_id: '',
  intent_id: '',
  regime: RegimeState.UNSPECIFIED,
  stop_ticks: null,
  target_ticks: null,
  time_stop_at_us: null,
  flat_by_us: null,
};

/**
 * Market time at which a time stop of this length is due, after a fill at `opened_us`. It counts from the whole second:
 * the latency inside it must not cost a bar.
 */
export function timeStopAtUs(opened_us: number, time_stop_us: number): number {
  return Math.floor(opened_us / SECOND_US) * SECOND_US + time_stop_us;
}

const SECOND_US = 1_000_000;

/** A position from its first fill. Without a plan it counts, but has no stop, no decision and no risk. */
export function opened(execution: Execution, plan: OrderIntent | null): OpenPosition {
  const { symbol, side, quantity, price_ticks, at_us, cause_id } = execution;
  const cost = price_ticks * quantity;
  return {
    ...(plan === null ? { ...NO_PLAN, strategy: execution.strategy } : planFields(plan, at_us)),
    ...{ symbol, side, quantity, cause_id },
    cost_ticks: cost,
    opened_us: at_us,
    initial_quantity: quantity,
    entry_cost_ticks: cost,
    initial_stop_ticks: plan?.stop_ticks ?? null,
    touch_r: plan?.tp1_quantity === null ? plan.tp1_r : null,
    gross_ticks: 0,
    fees_cents: execution.fee_cents,
    ambiguous: execution.ambiguous,
  };
}

/**
 * The position with more contracts. It stays with its own decision; where it has none it takes on that of the
 * plan, so that it gets a stop. Contracts of more than one origin have no common risk, so R is unset for such
 * a trade.
 */
export function extended(
  position: OpenPosition,
  execution: Execution,
  plan: OrderIntent | null,
  sameDecision: boolean,
): OpenPosition {
  const { quantity, price_ticks } = execution;
  const cost = price_ticks * quantity;
  const adopted = position.decision_id === '' && plan !== null ? planFields(plan, position.opened_us) : {};
  return {
    ...position,
    ...adopted,
    quantity: position.quantity + quantity,
    cost_ticks: position.cost_ticks + cost,
    initial_quantity: position.initial_quantity + quantity,
    entry_cost_ticks: position.entry_cost_ticks + cost,
    initial_stop_ticks: sameDecision ? position.initial_stop_ticks : null,
    fees_cents: position.fees_cents + execution.fee_cents,
    ambiguous: position.ambiguous || execution.ambiguous,
  };
}

export interface Reduction {
  /** Null when nothing is left. */
  readonly position: OpenPosition | null;
  readonly realised_cents: number;
  /** Set on the execution that closes the last contract: once per trade. */
  readonly closed: ClosedTrade | null;
}

/**
 * The position with fewer contracts. The cost of the closed ones is their share of the whole, rounded down to
 * a whole tick; the remainder stays with the contracts still open, so that the parts always add up to the
 * whole trade.
 */
export function reduced(position: OpenPosition, execution: Execution, instrument: Instrument): Reduction {
  const { quantity, price_ticks } = execution;
  const all = quantity === position.quantity;
  const cost = all ? position.cost_ticks : Math.floor((position.cost_ticks * quantity) / position.quantity);
  const gross = forSide(position.side, price_ticks * quantity - cost);
  const left: OpenPosition = {
    ...position,
    quantity: position.quantity - quantity,
    cost_ticks: position.cost_ticks - cost,
    gross_ticks: position.gross_ticks + gross,
    fees_cents: position.fees_cents + execution.fee_cents,
    ambiguous: position.ambiguous || execution.ambiguous,
  };
  return {
    position: all ? null : left,
    realised_cents: gross * instrument.tick_value_cents,
    closed: all ? closedTrade(left, execution, instrument) : null,
  };
}

/** Entry and unknown legs say nothing of how the trade ended: it was closed. */
function exitLeg(leg: FillLeg): FillLeg {
  return leg === FillLeg.ENTRY || leg === FillLeg.UNSPECIFIED ? FillLeg.CLOSE : leg;
}

function closedTrade(done: OpenPosition, execution: Execution, instrument: Instrument): ClosedTrade {
  const gross_cents = done.gross_ticks * instrument.tick_value_cents;
  const net_cents = gross_cents - done.fees_cents;
  const risk_cents = riskCents(done, instrument);
  return {
    decision_id: done.decision_id,
    symbol: done.symbol,
    strategy: done.strategy,
    regime: done.regime,
    side: done.side,
    quantity: done.initial_quantity,
    gross_cents,
    fees_cents: done.fees_cents,
    net_cents,
    risk_cents,
    net_r: risk_cents === null ? null : net_cents / risk_cents,
    opened_us: done.opened_us,
    closed_us: execution.at_us,
    exit_leg: exitLeg(execution.leg),
    ambiguous: done.ambiguous,
    mae_ticks: 0,
    mfe_ticks: 0,
    mae_r: null,
    mfe_r: null,
  };
}

/** Money between entry and initial stop (domain.md 8.1); null where there is no stop or no distance. */
function riskCents(position: OpenPosition, instrument: Instrument): number | null {
  if (position.initial_stop_ticks === null) return null;
  const distance = Math.abs(
    position.entry_cost_ticks - position.initial_stop_ticks * position.initial_quantity,
  );
  return distance === 0 ? null : distance * instrument.tick_value_cents;
}

/** Profit of the contracts still open at this price, fees apart. */
export function openPnlCents(position: OpenPosition, price_ticks: number, instrument: Instrument): number {
  const ticks = price_ticks * position.quantity - position.cost_ticks;
  return forSide(position.side, ticks) * instrument.tick_value_cents;
}

/** Market time by which it must be closed, or null. */
export function exitByUs(position: OpenPosition): number | null {
  const { time_stop_at_us, flat_by_us } = position;
  if (time_stop_at_us === null) return flat_by_us;
  return flat_by_us === null ? time_stop_at_us : Math.min(time_stop_at_us, flat_by_us);
}

/** Average price of all contracts entered, in ticks; may lie between two. */
export function entryTicks(position: OpenPosition): number {
  return position.entry_cost_ticks / position.initial_quantity;
}

/** Profit of one contract at this price over the distance to the initial stop (domain.md 8.1); null without one. */
export function rMultiple(position: OpenPosition, price_ticks: number): number | null {
  if (position.initial_stop_ticks === null) return null;
  const entry = entryTicks(position);
  const risk = Math.abs(entry - position.initial_stop_ticks);
  return risk === 0 ? null : forSide(position.side, price_ticks - entry) / risk;
}
