import { describe, expect, it } from '@jest/globals';
import { VWAP_SD_MIN_TICKS, startVwap, updateVwap, vwapOf, type VwapReading } from './vwap.js';

type Row = readonly [high: number, low: number, close: number, volume: number];

function reading(rows: readonly Row[], reference = 26_400): VwapReading | null {
  let state = startVwap(1_000, reference);
  for (const [high_ticks, low_ticks, close_ticks, volume] of rows) {
    state = updateVwap(state, { high_ticks, low_ticks, close_ticks }, volume);
  }
  return vwapOf(state);
}

describe('VWAP', () => {
  it('weighs typical prices by volume', () => {
    // Typical prices 100 and 130 with volumes 2 and 1: mean 110, variance 200.
    const found = reading([
      [105, 95, 100, 2],
      [135, 125, 130, 1],
    ]);
    expect(found?.vwap_ticks).toBeCloseTo(110, 9);
    expect(found?.sd_ticks).toBeCloseTo(Math.sqrt(200), 9);
    expect(found?.z).toBeCloseTo(20 / Math.sqrt(200), 9);
    expect(found?.z_previous).toBe(0);
  });

  it('has a floor under the deviation', () => {
    const found = reading([
      [26_402, 26_399, 26_401, 10],
      [26_402, 26_399, 26_402, 10],
    ]);
    expect(found?.sd_ticks).toBe(VWAP_SD_MIN_TICKS);
    expect(found?.z).toBeCloseTo((26_402 - (found?.vwap_ticks ?? 0)) / 2, 9);
  });

  it('has no score of the bar before on the first bar, no slope before the sixteenth', () => {
    const rising = (n: number): Row[] =>
      Array.from({ length: n }, (_, i): Row => [26_400 + i, 26_400 + i, 26_400 + i, 5]);
    expect(reading(rising(1))).toMatchObject({ z: 0, z_previous: null, slope15_ticks: null });
    expect(reading(rising(15))?.slope15_ticks).toBeNull();
    // Mean of 0..15 minus mean of 0..0, then of 0..20 minus 0..5.
    expect(reading(rising(16))?.slope15_ticks).toBeCloseTo(7.5, 9);
    expect(reading(rising(21))?.slope15_ticks).toBeCloseTo(10 - 2.5, 9);
  });

  it('says nothing while no bar has had volume', () => {
    expect(reading([])).toBeNull();
    expect(reading([[10, 10, 10, 0]])).toBeNull();
    expect(
      reading([
        [10, 10, 10, 0],
        [20, 20, 20, 3],
      ]),
    ).toMatchObject({ vwap_ticks: 20, z: 0, z_previous: null });
  });

  it('keeps the digits of the deviation however high the price is', () => {
    const rows = (base: number): Row[] =>
      Array.from({ length: 400 }, (_, i): Row => {
        const price = base + (i % 7) * 3;
        return [price, price, price, 1 + (i % 5)];
      });
    const low = reading(rows(0), 0);
    const high = reading(rows(1_000_000_000), 1_000_000_000);
    expect(high?.sd_ticks).toBe(low?.sd_ticks);
  });
});
