import { describe, expect, it } from '@jest/globals';
import type { PriceBar } from './price-bar.js';
import { emptySqueeze, updateSqueeze, type SqueezeReading } from './squeeze.js';

const bar = (close: number, halfRange: number): PriceBar => ({
  open_us: 0,
  close_us: 1,
  open_ticks: close,
  high_ticks: close + halfRange,
  low_ticks: close - halfRange,
  close_ticks: close,
  session_start: false,
});

function readings(bars: readonly PriceBar[]): (SqueezeReading | null)[] {
  let state = emptySqueeze();
  return bars.map((next) => (state = updateSqueeze(state, next)).reading);
}

const quiet = (n: number): PriceBar[] => Array.from({ length: n }, (_, i) => bar(1_000 + (i % 2), 4));

describe('TTM squeeze', () => {
  it('is on while closes hardly move and bars are wide, from the twentieth bar', () => {
    const found = readings(quiet(45));
    expect(found.slice(0, 19).every((one) => one === null)).toBe(true);
    expect(found[19]).toEqual({
      on: true,
      fired: false,
      bars: 1,
      box_high_ticks: 1_005,
      box_low_ticks: 997,
      momentum_ticks: null,
    });
    expect(found[37]?.momentum_ticks).toBeNull();
    expect(found[38]).toMatchObject({ bars: 20, box_high_ticks: 1_005, box_low_ticks: 996 });
    expect(found[38]?.momentum_ticks).not.toBeNull();
  });

  it('fires once when it ends, with the length and box of the bars before', () => {
    const found = readings([...quiet(30), bar(1_080, 4), bar(1_090, 4)]);
    expect(found[30]).toMatchObject({
      on: false,
      fired: true,
      bars: 11,
      box_high_ticks: 1_005,
      box_low_ticks: 996,
    });
    expect(found[31]).toMatchObject({
      on: false,
      fired: false,
      bars: 0,
      box_high_ticks: 0,
      box_low_ticks: 0,
    });
  });

  it('counts a new squeeze from its own first bar', () => {
    const steep = Array.from({ length: 25 }, (_, i) => bar(1_000 + 10 * i, 1));
    const found = readings([...steep, ...quiet(60).map((b) => bar(b.close_ticks + 250, 4))]);
    expect(found[24]).toMatchObject({ on: false, bars: 0 });
    const first = found.findIndex((one) => one?.on === true);
    expect(first).toBeGreaterThan(24);
    expect(found[first]).toMatchObject({ bars: 1, fired: false });
    expect(found.at(-1)).toMatchObject({ on: true, bars: found.length - first });
  });

  it('has momentum with the sign of the move', () => {
    const drift = (step: number) => readings(Array.from({ length: 60 }, (_, i) => bar(5_000 + step * i, 3)));
    expect(drift(2).at(-1)?.momentum_ticks).toBeGreaterThan(0);
    expect(drift(-2).at(-1)?.momentum_ticks).toBeLessThan(0);
    expect(drift(0).at(-1)?.momentum_ticks).toBeCloseTo(0, 9);
  });
});
