// Goal: a histogram shows the values of the whole file, and nothing piles up at its ends that does not lie there.
import { describe, expect, it } from '@jest/globals';
import { FeatureBins, SAMPLE_MAX, type FeatureHistogram } from './feature-bins.js';

function histogramOf(values: Iterable<number>): FeatureHistogram | null {
  const bins = new FeatureBins();
  for (const value of values) bins.value(value);
  return bins.histogram();
}

const ROWS = 100_000;
const rows = Array.from({ length: ROWS }, (_, i) => i);

describe('the histogram of a feature', () => {
  it('covers what only came after the first days', () => {
    // A slow feature: low at first, then high for good.
    const made = histogramOf(rows.map((i) => (i < 5_000 ? 0 : 1) + 0.001 * (i % 97)));
    expect(made?.from).toBeLessThan(0.1);
    expect(made?.to).toBeGreaterThan(1);
    const drift = histogramOf(rows.map((i) => i / ROWS));
    const most = Math.max(...(drift?.counts ?? []));
    const least = Math.min(...(drift?.counts ?? []));
    expect(most).toBeLessThan(1.1 * least);
  });

  it('leaves outliers out of its bins and says how many there are', () => {
    const made = histogramOf(rows.map((i) => (i % 401 === 0 ? 1e9 : i % 397 === 0 ? -1e9 : Math.sin(i))));
    expect([made?.from, made?.to].every((end) => Math.abs(end ?? 2) <= 1)).toBe(true);
    expect(made?.above).toBeGreaterThan(0.001);
    expect(made?.below).toBeGreaterThan(0.001);
    expect((made?.above ?? 1) + (made?.below ?? 1)).toBeLessThan(0.02);
    const counted = (made?.counts ?? []).reduce((a, b) => a + b, 0);
    expect(counted).toBeLessThanOrEqual(SAMPLE_MAX);
    expect(counted).toBeGreaterThan(SAMPLE_MAX / 2.2);
  });

  it('is one bin where all are alike, and nothing without values', () => {
    expect(histogramOf([3, 3, 3])).toMatchObject({ from: 3, to: 3, below: 0, above: 0 });
    expect(histogramOf([3, 3, 3])?.counts[0]).toBe(3);
    expect(histogramOf([])).toBeNull();
  });
});
