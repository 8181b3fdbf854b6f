import { Side, type Setup, type SymbolConfig } from '@bellwether/contracts';
import { roundTripCostCents } from '@bellwether/market';
import { MULTIPLIER_MAX, MULTIPLIER_MIN } from '@bellwether/model-slots';

/** Far above every cap; it keeps a budget without bound from overflowing the message. */
export const CONTRACTS_MAX = 10_000;

/** Products of whole contracts and a factor of two decimals miss a whole number by far less. */
const ROUNDING_SLACK = 1e-9;

/** Ticks from entry to protective stop, or null where the stop does not lie on the losing side of the entry. */
export function stopDistanceTicks(setup: Setup): number | null {
  const distance = setup.entry_ticks - setup.stop_ticks;
  const losing = setup.side === Side.SHORT ? -distance : distance;
  return losing > 0 ? losing : null;
}

/** Loss of one contract at the stop, with a fee and the slippage on each side, in cents. */
export function riskPerContractCents(
  stop_distance_ticks: number,
  tick_value_cents: number,
  symbol: SymbolConfig,
): number {
  return stop_distance_ticks * tick_value_cents + roundTripCostCents(symbol, tick_value_cents);
}

/** Contracts that lose at most the budget at their stop. The budget may be a fraction of a cent, from a factor. */
export function baseContracts(risk_budget_cents: number, risk_per_contract_cents: number): number {
  const contracts = Math.floor(risk_budget_cents / risk_per_contract_cents + ROUNDING_SLACK);
  return Math.min(Math.max(contracts, 0), CONTRACTS_MAX);
}

/** Contracts times a factor, rounded down. */
function scaledContracts(contracts: number, factor: number): number {
  return Math.min(Math.floor(contracts * factor + ROUNDING_SLACK), CONTRACTS_MAX);
}

/** What the sizing agent makes of a size: times 0.1 to 2.0, rounded down. Without an agent (null) the size stays. */
export function applyMultiplier(contracts: number, multiplier: number | null): number {
  if (multiplier === null) return contracts;
  return scaledContracts(contracts, Math.min(Math.max(multiplier, MULTIPLIER_MIN), MULTIPLIER_MAX));
}
