/** Costs of one contract, in and out at the market: a fee and the slippage on each side (domain.md 9.3). */
export function roundTripCostCents(
  symbol: { readonly fee_per_side_cents: number; readonly slippage_ticks: number },
  tick_value_cents: number,
): number {
  return 2 * (symbol.fee_per_side_cents + symbol.slippage_ticks * tick_value_cents);
}
