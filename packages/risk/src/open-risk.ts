import { Side, type PortfolioPart, type Position, type SymbolConfig } from '@bellwether/contracts';
import { instrumentOf, roundTripCostCents, type Instrument } from '@bellwether/market';
import type { BookRules, RiskState } from './state.js';

/** What may still be lost in one place, in cents. */
export interface RiskShare {
  readonly family: Instrument['family'];
  readonly side: Side;
  /** From the last close to the planned stop, with the costs of getting out. */
  readonly risk_cents: number;
}

/** Everything open and ordered, if all of it is filled and stopped. */
export interface OpenRisk {
  /** Null where a position has no stop: then nobody knows what it can lose. */
  readonly stopped_cents: number | null;
  readonly shares: readonly RiskShare[];
}

const NO_RISK: OpenRisk = { stopped_cents: 0, shares: [] };

/**
 * What the account gains or loses, from its balance on, if every position and every entry order is filled and stopped,
 * with fees and the usual slippage (domain.md 2.3). A stop does not count better than the worst price already seen.
 */
export function openRiskOf(portfolio: PortfolioPart, state: RiskState, config: BookRules): OpenRisk {
  if (portfolio.positions.length === 0 && state.entries.length === 0) return NO_RISK;
  let stopped_cents: number | null = 0;
  const shares: RiskShare[] = [];
  for (const position of portfolio.positions) {
    const instrument = instrumentOf(position.symbol);
    if (instrument === null) continue;
    const stopped = stoppedCents(position, instrument, config);
    if (stopped === null || stopped_cents === null) {
      stopped_cents = null;
      continue;
    }
    stopped_cents += stopped;
    const risk_cents = Math.max(0, (position.open_pnl_cents ?? 0) - stopped);
    shares.push({ family: instrument.family, side: position.side, risk_cents });
  }
  for (const order of state.entries) {
    const instrument = instrumentOf(order.symbol);
    if (instrument === null) continue;
    const risk_cents = order.remaining * order.risk_cents;
    if (stopped_cents !== null) stopped_cents -= risk_cents;
    shares.push({ family: instrument.family, side: order.side, risk_cents });
  }
  return { stopped_cents, shares };
}

function costsOf(config: BookRules, instrument: Instrument): SymbolConfig {
  const own = config.symbols.find(({ symbol }) => symbol === instrument.symbol);
  return (
    own ?? {
      symbol: instrument.symbol,
      slippage_ticks: instrument.slippage_ticks_default,
      fee_per_side_cents: instrument.fee_per_side_cents_default,
    }
  );
}

/** Open profit of a position at its stop, less slippage and the fees of getting out; null without a stop or a price. */
function stoppedCents(position: Position, instrument: Instrument, config: BookRules): number | null {
  const { stop_ticks, worst_pnl_cents, quantity, cost_ticks, side } = position;
  if (stop_ticks === null) return null;
  const { slippage_ticks, fee_per_side_cents } = costsOf(config, instrument);
  const sign = side === Side.SHORT ? -1 : 1;
  const price = stop_ticks - sign * slippage_ticks;
  const at_stop = sign * (price * quantity - cost_ticks) * instrument.tick_value_cents;
  return Math.min(at_stop, worst_pnl_cents ?? at_stop) - quantity * fee_per_side_cents;
}

/** Loss of one contract of an entry that is stopped, with a fee and the slippage on each side, in cents. */
export function plannedLossCents(
  entry_ticks: number,
  stop_ticks: number,
  instrument: Instrument,
  config: BookRules,
): number {
  const { tick_value_cents } = instrument;
  const distance = Math.abs(entry_ticks - stop_ticks);
  return distance * tick_value_cents + roundTripCostCents(costsOf(config, instrument), tick_value_cents);
}
