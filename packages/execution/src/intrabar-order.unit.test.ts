// Goal: where one bar held stop and profit, the order that is asked for decides, and nothing else changes.
import { describe, expect, it } from '@jest/globals';
import { FillLegName } from '@bellwether/contracts';
import { profitFirst } from './intrabar-order.js';
import { exitsInBar, type BarTrade, type SeenBar } from './paper-broker-bar.js';

const trade: BarTrade = {
  ...{ quantity: 2, stop: 90, target: 120, tp1: { price: 110, quantity: 1 }, break_even: 101 },
  ...{ exit_by_us: null, close_quantity: 0, entered: null, by_limit: false, through: 1, profit_first: false },
};
const bar = (high: number, low: number, close: number): SeenBar => ({
  ...{ open_us: 0, close_us: 60_000_000, open: 100 },
  ...{ high, low, close },
});
const SLIP = 1;
const legs = (own: BarTrade, seen: SeenBar): readonly string[] =>
  exitsInBar(own, seen, SLIP).map(
    ({ leg, quantity, price, ambiguous }) =>
      `${FillLegName[leg].toUpperCase()} ${quantity} @ ${price}${ambiguous ? ' ?' : ''}`,
  );
const best = { ...trade, profit_first: true };

describe('a bar that reached stop and profit', () => {
  it('loses at the stop, or gains all, or gains the part and leaves at break-even', () => {
    expect(legs(trade, bar(125, 85, 100))).toEqual(['STOP 2 @ 89 ?']);
    expect(legs(best, bar(125, 85, 100))).toEqual(['TP1 1 @ 110 ?', 'TARGET 1 @ 120 ?']);
    expect(legs(best, bar(115, 85, 100))).toEqual(['TP1 1 @ 110 ?', 'STOP 1 @ 100 ?']);
  });

  it('ends at break-even or at the target where TP1, target and a close below break-even lie in it', () => {
    expect(legs(trade, bar(125, 95, 98))).toEqual(['TP1 1 @ 110', 'STOP 1 @ 100 ?']);
    expect(legs(best, bar(125, 95, 98))).toEqual(['TP1 1 @ 110', 'TARGET 1 @ 120 ?']);
  });
});

describe('a bar whose order is known', () => {
  it.each([
    ['the stop alone', bar(105, 85, 95)],
    ['the target alone', bar(125, 95, 122)],
    ['nothing', bar(105, 95, 100)],
    ['a gap over the stop', { ...bar(125, 70, 100), open: 80 }],
  ])('ends the same either way: %s', (_name, seen) => {
    expect(legs(best, seen)).toEqual(legs(trade, seen));
  });
});

describe('the coin', () => {
  it('falls the same for the same bar and trade, and to both sides over many', () => {
    expect(profitFirst('coin', 'a')).toBe(profitFirst('coin', 'a'));
    const heads = Array.from({ length: 1_000 }, (_, i) => profitFirst('coin', `bar ${i}`)).filter(
      Boolean,
    ).length;
    expect(Math.abs(heads - 500)).toBeLessThan(80);
    expect([profitFirst('stop_first', 'a'), profitFirst('profit_first', 'a')]).toEqual([false, true]);
  });
});
