import { FillLeg, ReasonCode, Side, type Fill } from '@bellwether/contracts';
import { instrumentOf, type Instrument } from '@bellwether/market';
import { PRICE_TICKS_MAX } from '../bars.js';
import { bookFill, positionOf, refused, withPosition, type Booked } from '../fills.js';
import { onGrid } from '../levels.js';
import type { PortfolioState } from '../state.js';
import type { FillFact } from './account-state.js';

/** The fact that stands for this fill id by now, or null where it was never booked or is forgotten. */
export function factOf(facts: readonly FillFact[], fillId: string): FillFact | null {
  let fact = facts.find(({ fill_id }) => fill_id === fillId) ?? null;
  // A chain of corrections is as long as the facts at most.
  for (let i = 0; i < facts.length && fact?.replaced_by !== null && fact !== null; i++) {
    const next: string = fact.replaced_by;
    fact = facts.find(({ fill_id }) => fill_id === next) ?? null;
  }
  return fact;
}

/**
 * Puts a corrected fill in the place of the one that was booked. Where only price or fee differ, they are corrected where
 * they stand: in the cost of the trade while it is open, else in what was realised. Anything else is taken back by the
 * opposite execution at the old price, and booked anew. Either way no cent is lost or made.
 */
export function bookCorrection(state: PortfolioState, fill: Fill, fact: FillFact): Booked {
  const instrument = instrumentOf(fill.symbol);
  const price_ticks = instrument === null ? null : onGrid(fill.price_ticks, fill.tick_size_e4, instrument);
  if (instrument === null) return refused(state, fill.symbol, ReasonCode.UNKNOWN_SYMBOL);
  if (price_ticks === null || !(price_ticks > 0 && price_ticks <= PRICE_TICKS_MAX))
    return refused(state, fill.symbol, ReasonCode.PRICE_IMPLAUSIBLE);
  if (fill.quantity < 0 || fill.side === Side.UNSPECIFIED) {
    return refused(state, fill.symbol, ReasonCode.UNDEFINED);
  }
  const inPlace = fill.symbol === fact.symbol && fill.side === fact.side && fill.quantity === fact.quantity;
  const booked = inPlace
    ? repriced(state, fact, instrument, price_ticks - fact.price_ticks, fill.fee_cents - fact.fee_cents)
    : rebooked(state, fill, fact);
  const position = positionOf(booked, fill.symbol);
  const net = position === null ? 0 : position.side === Side.SHORT ? -position.quantity : position.quantity;
  const result = {
    ...{ matched: true, reason: ReasonCode.CORRECTED_FILL, symbol: fill.symbol, net_contracts: net },
    realised_cents: booked.realised_cents - state.realised_cents,
  };
  return { state: booked, result, closed: [] };
}

function repriced(
  state: PortfolioState,
  fact: FillFact,
  instrument: Instrument,
  price_change: number,
  fee_change: number,
): PortfolioState {
  const { symbol, side, quantity } = fact;
  const ticks = price_change * quantity;
  const next = { ...state, fees_cents: state.fees_cents + fee_change };
  const position = positionOf(state, symbol);
  if (position !== null && fact.entered_us === position.opened_us && side === position.side) {
    return withPosition(next, symbol, {
      ...position,
      cost_ticks: position.cost_ticks + ticks,
      entry_cost_ticks: position.entry_cost_ticks + ticks,
      fees_cents: position.fees_cents + fee_change,
    });
  }
  const gained = side === Side.SHORT ? ticks : -ticks;
  return { ...next, realised_cents: state.realised_cents + gained * instrument.tick_value_cents };
}

/** The trades that this seems to close are none: the learners have been told of those that were. */
function rebooked(state: PortfolioState, fill: Fill, fact: FillFact): PortfolioState {
  const back: Fill = {
    ...fill,
    fill_id: `${fill.fill_id}:back`,
    ...{ symbol: fact.symbol, quantity: fact.quantity, fee_cents: -fact.fee_cents },
    price_ticks: fact.price_ticks,
    side: fact.side === Side.LONG ? Side.SHORT : Side.LONG,
    ...{ decision_id: null, intent_id: null, leg: FillLeg.UNSPECIFIED, cause_id: '', strategy: null },
  };
  const taken =
    fact.quantity === 0
      ? { ...state, fees_cents: state.fees_cents - fact.fee_cents }
      : bookFill(state, back).state;
  if (fill.quantity === 0) return { ...taken, fees_cents: taken.fees_cents + fill.fee_cents };
  return bookFill(taken, { ...fill, fill_id: `${fill.fill_id}:anew` }).state;
}
