import { describe, expect, it } from '@jest/globals';
import { instrumentOf } from './instruments.js';
import { pointsToTicks, ticksToPoints } from './ticks.js';

describe('The contract table', () => {
  it.each([
    ['ES', 50, 10, 'ES', 1, 280],
    ['NQ', 20, 10, 'NQ', 2, 280],
    ['MES', 5, 1, 'ES', 1, 74],
    ['MNQ', 2, 1, 'NQ', 2, 74],
  ])('%s: %d dollars a point', (symbol, dollars, tenths, family, slippage, roundTurn) => {
    const found = instrumentOf(symbol);
    expect(found).toMatchObject({ symbol, mini_tenths: tenths, family, slippage_ticks_default: slippage });
    if (found === null) return;
    expect((found.tick_value_cents * 10_000) / found.tick_size_e4).toBe(dollars * 100);
    expect(found.point_value_cents).toBe(dollars * 100);
    expect(found.session).toBe('cme_equity_index');
    // Micros are younger than the calendar.
    expect(found.listed_trade_date).toBe(tenths === 1 ? 20_190_506 : null);
    expect(found.fee_per_side_cents_default * 2).toBe(roundTurn);
  });

  it('knows no other symbol', () => {
    for (const symbol of ['', 'es', 'ESZ25', 'NDX', '__proto__', 'constructor']) {
      expect(instrumentOf(symbol)).toBeNull();
    }
  });
});

describe('Points and ticks', () => {
  it('converts prices on the grid both ways', () => {
    expect(pointsToTicks(6645.25, 2_500)).toBe(26_581);
    expect(ticksToPoints(26_581, 2_500)).toBe(6645.25);
    expect(pointsToTicks(-3.5, 2_500)).toBe(-14);
    expect(Object.is(pointsToTicks(-0, 2_500), 0)).toBe(true);
    for (let ticks = -2_000; ticks < 2_000; ticks++) {
      for (const size of [2_500, 500, 1_000, 1]) {
        expect(pointsToTicks(ticksToPoints(ticks, size), size)).toBe(ticks === 0 ? 0 : ticks);
      }
    }
  });

  it('takes decimal text of a grid that doubles do not hold exactly', () => {
    expect(pointsToTicks(Number('6645.05'), 500)).toBe(132_901);
    expect(pointsToTicks(Number('0.3'), 1_000)).toBe(3);
  });

  it('refuses what is off the grid, not finite or too large', () => {
    for (const points of [6645.3, 6645.26, 0.1 + 0.2, NaN, Infinity, -Infinity, 1e12]) {
      expect(pointsToTicks(points, 2_500)).toBeNull();
    }
    expect(pointsToTicks(0.1 + 0.2, 1_000)).toBeNull();
  });
});
