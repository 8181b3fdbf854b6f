import { describe, expect, it } from '@jest/globals';
import { present } from '@bellwether/kernel';
import { instrumentOf, roundTripCostCents } from './index.js';

describe('a round trip', () => {
  it.each([
    ['ES', 2_780],
    ['NQ', 2_280],
    ['MES', 324],
    ['MNQ', 274],
  ])('costs in %s what domain.md 9.3 says: %d cents', (symbol, cents) => {
    const instrument = present(instrumentOf(symbol), symbol);
    const costs = {
      fee_per_side_cents: instrument.fee_per_side_cents_default,
      slippage_ticks: instrument.slippage_ticks_default,
    };
    expect(roundTripCostCents(costs, instrument.tick_value_cents)).toBe(cents);
  });
});
