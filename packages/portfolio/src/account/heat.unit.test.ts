import { describe, expect, it } from '@jest/globals';
import { aBookConfig, aPosition } from '@bellwether/testkit';
import { heatOfPositions } from './heat.js';

/** One ES bought at 26,403, its stop 13 ticks below, at no profit: 14 ticks of 12.50 USD and 1.40 USD to get out. */
const position = aPosition({
  ...{ symbol: 'ES', quantity: 1, cost_ticks: 26_403, stop_ticks: 26_390, open_pnl_cents: 0 },
});
const RISK_CENTS = 14 * 1_250 + 140;

describe('Heat of what is held', () => {
  it('is the risk to the stop with costs, over headroom', () => {
    expect(heatOfPositions([position], aBookConfig(), 200_000)).toEqual({
      heat: RISK_CENTS / 200_000,
      concentration: 1,
    });
    const two = heatOfPositions([position, position], aBookConfig(), 200_000);
    expect(two).toEqual({ heat: (2 * RISK_CENTS) / 200_000, concentration: 0.5 });
  });

  it('is 0 while flat, and unknown without a stop or a headroom', () => {
    expect(heatOfPositions([], aBookConfig(), 1)).toEqual({ heat: 0, concentration: null });
    expect(heatOfPositions([{ ...position, stop_ticks: null }], aBookConfig(), 1).heat).toBeNull();
    expect(heatOfPositions([position], aBookConfig(), null).heat).toBeNull();
  });
});
