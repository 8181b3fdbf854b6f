import { describe, expect, it } from '@jest/globals';
import { averageUniqueness, type LabelSpan } from './uniqueness.js';

const span = (start_us: number, end_us: number, symbol = 'ES'): LabelSpan => ({ symbol, start_us, end_us });

describe('average uniqueness', () => {
  it('is the same for labels that share nothing', () => {
    expect([...averageUniqueness([span(0, 2), span(2, 4), span(9, 11)], 1)]).toEqual([1, 1, 1]);
  });

  it('counts two labels of the same time half as much as one that stands alone', () => {
    const [first, second, alone] = averageUniqueness([span(0, 3), span(0, 3), span(5, 8)], 1);
    expect(first).toBeCloseTo(0.75, 6);
    expect(second).toBeCloseTo(0.75, 6);
    expect(alone).toBeCloseTo(1.5, 6);
  });

  it('is a mean over the time of the label', () => {
    // The first is alone for one bar and shares two: (1 + 1/2 + 1/2) / 3; the second likewise.
    const [first = NaN, second = NaN, third = NaN] = averageUniqueness(
      [span(0, 3), span(1, 4), span(10, 11)],
      1,
    );
    expect(first / third).toBeCloseTo(2 / 3, 6);
    expect(second / third).toBeCloseTo(2 / 3, 6);
  });

  it('does not count what is open on another symbol', () => {
    expect([...averageUniqueness([span(0, 3), span(0, 3, 'NQ')], 1)]).toEqual([1, 1]);
  });
});
