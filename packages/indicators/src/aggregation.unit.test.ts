import { describe, expect, it } from '@jest/globals';
import { aggregate, startAggregation } from './aggregation.js';
import type { PriceBar } from './price-bar.js';

const MINUTE = 60_000_000;
const FIVE = 5 * MINUTE;

/** A bar at a minute whose prices tell which minute it is. */
function at(minute: number, length = 1, session_start = false): PriceBar {
  return {
    open_us: minute * MINUTE,
    close_us: (minute + length) * MINUTE,
    open_ticks: 1_000 + minute,
    high_ticks: 1_010 + minute,
    low_ticks: 990 + minute,
    close_ticks: 1_001 + minute,
    session_start,
  };
}

function completedBy(bars: readonly PriceBar[]): [number, PriceBar[]][] {
  let state = startAggregation(FIVE, bars[0]?.open_us ?? 0);
  const found: [number, PriceBar[]][] = [];
  for (const bar of bars) {
    const { state: after, completed } = aggregate(state, bar);
    state = after;
    if (completed.length > 0) found.push([bar.open_us / MINUTE, [...completed]]);
  }
  return found;
}

describe('Five minutes out of one', () => {
  it('is complete with its last minute: first open, extremes, last close', () => {
    const whole = { ...at(0), close_us: FIVE, high_ticks: 1_014, low_ticks: 990, close_ticks: 1_005 };
    const found = completedBy([at(0, 1, true), at(1), at(2), at(3), at(4), at(5)]);
    expect(found).toEqual([[4, [{ ...whole, session_start: true }]]]);
  });

  it('is complete with the next bar where its last minute is missing', () => {
    const found = completedBy([at(0), at(2), at(3), at(7), at(9)]);
    expect(
      found.map(([minute, bars]) => [minute, bars.map((b) => [b.open_us / MINUTE, b.close_ticks])]),
    ).toEqual([
      [7, [[0, 1_004]]],
      [9, [[5, 1_010]]],
    ]);
  });

  it('gives two at once where a late end and a whole bar fall together', () => {
    const found = completedBy([at(0), at(9)]);
    expect(found.map(([minute, bars]) => [minute, bars.map((b) => b.open_us / MINUTE)])).toEqual([
      [9, [0, 5]],
    ]);
  });

  it('leaves out the one whose beginning was not seen', () => {
    const found = completedBy([at(2), at(3), at(4), at(5), at(9)]);
    expect(found.map(([minute, bars]) => [minute, bars.map((b) => b.open_us / MINUTE)])).toEqual([[9, [5]]]);
  });

  it('is the identity on bars of five minutes', () => {
    const bars = [at(0, 5, true), at(5, 5), at(15, 5)];
    expect(completedBy(bars).flatMap(([, completed]) => completed)).toEqual(bars);
  });
});
