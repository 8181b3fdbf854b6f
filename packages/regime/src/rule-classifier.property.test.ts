// Goal: the trend axis must not call noise a trend (domain.md 0, point 7). Method: bars of a Gaussian random walk, the
// indicators computed here from their definitions, and the share of bars that the classifier would name.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Indicators } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { theIndicators } from '@bellwether/testkit';
import { QUALIFYING, classify, highVolatilityProbability, trendProbability } from './index.js';

interface Noise {
  readonly er30: number;
  readonly ema_stack: number;
}

const BARS = 60_000;
/** Bars between samples, so that their windows do not overlap. */
const SPACING = 30;

/**
 * Each bar moves by a standard normal; its high and low are those of a continuous path between open and close, so that
 * ATR is not understated by coarse steps.
 */
function randomWalk(seed: string): readonly Noise[] {
  const uniform = uniformSource(seed);
  const reach = (move: number): number => (move + Math.sqrt(move * move - 2 * Math.log(1 - uniform()))) / 2;
  const closes: number[] = [0];
  const samples: Noise[] = [];
  let [ema9, ema21, atr] = [0, 0, 1.6];
  for (let bar = 1; bar <= BARS; bar++) {
    const move = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const price = closes[bar - 1]! + move;
    closes.push(price);
    ema9 += (2 / 10) * (price - ema9);
    ema21 += (2 / 22) * (price - ema21);
    atr += (reach(move) + reach(-move) - atr) / 14;
    if (bar > 200 && bar % SPACING === 0) {
      const path = closes.slice(-31);
      const travelled = path.slice(1).reduce((sum, close, i) => sum + Math.abs(close - path[i]!), 0);
      samples.push({ er30: Math.abs(price - path[0]!) / travelled, ema_stack: Math.abs(ema9 - ema21) / atr });
    }
  }
  return samples;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))]!;
}

describe('the rule classifier on a random walk', () => {
  let noise: readonly Noise[] = [];
  beforeAll(() => {
    noise = randomWalk('rule-classifier');
  });

  it('has the percentiles that its centres are taken from', () => {
    const er30 = noise.map((sample) => sample.er30);
    const emaStack = noise.map((sample) => sample.ema_stack);
    expect(Math.abs(quantile(er30, 0.5) - 0.154)).toBeLessThan(0.02);
    expect(Math.abs(quantile(er30, 0.75) - 0.27)).toBeLessThan(0.02);
    expect(Math.abs(quantile(er30, 0.9) - 0.38)).toBeLessThan(0.03);
    expect(Math.abs(quantile(emaStack, 0.5) - 0.46)).toBeLessThan(0.04);
    expect(Math.abs(quantile(emaStack, 0.75) - 0.79)).toBeLessThan(0.04);
    expect(Math.abs(quantile(emaStack, 0.9) - 1.13)).toBeLessThan(0.06);
  });

  it('sees a trend in less than a third of the bars, and none at the median', () => {
    const trend = noise.map((sample) => trendProbability(sample.er30, sample.ema_stack));
    expect(quantile(trend, 0.5)).toBeLessThan(0.3);
    const share = trend.filter((p) => p > 0.5).length / trend.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(1 / 3);
    expect(trendProbability(0.154, 0)).toBeLessThan(0.5);
  });

  it('leaves part of the time to no state at all', () => {
    // The percentile of RV30 is uniform by construction.
    const unqualified = noise.filter((sample, i) => {
      const p = probabilitiesOf(sample, (i % 100) / 100);
      return p.every((value, k) => value < QUALIFYING[k]!.threshold);
    });
    const share = unqualified.length / noise.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.45);
  });

  function probabilitiesOf(sample: Noise, percentile: number): readonly number[] {
    const indicators: Indicators = theIndicators({
      er30: sample.er30,
      rv30_percentile: percentile,
      atr14_ticks: 10,
      ema9_ticks: 1_000 + 10 * sample.ema_stack,
      ema21_ticks: 1_000,
    });
    return classify(indicators) ?? [];
  }
});

describe('classify', () => {
  it('gives four probabilities that sum to one, whatever the inputs', () => {
    const uniform = uniformSource('classify');
    for (let i = 0; i < 1_000; i++) {
      const p = classify(
        theIndicators({
          er30: uniform(),
          rv30_percentile: uniform(),
          ema9_ticks: 1_000 + 100 * uniform(),
          ema21_ticks: 1_050,
          atr14_ticks: 20 * uniform(),
        }),
      );
      expect(p).toHaveLength(4);
      expect(p?.every((value) => value > 0 && value < 1)).toBe(true);
      expect(p?.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });

  it('follows its axes', () => {
    expect(highVolatilityProbability(0.6)).toBe(0.5);
    expect(highVolatilityProbability(0.9)).toBeCloseTo(1 / (1 + Math.exp(-1.8)), 12);
    expect(trendProbability(0.27, 0.79)).toBe(0.5);
    expect(trendProbability(0.6, 1.5)).toBeGreaterThan(0.95);
    expect(trendProbability(0.3, 9)).toBe(trendProbability(0.3, 2));
  });

  it.each([
    ['calm_trend', 0, { rv30_percentile: 0.1, er30: 0.6 }],
    ['calm_chop', 1, { rv30_percentile: 0.1, er30: 0.05 }],
    ['highvol_trend', 2, { rv30_percentile: 0.95, er30: 0.6 }],
    ['highvol_chop', 3, { rv30_percentile: 0.95, er30: 0.05 }],
  ])('names %s', (_name, index, inputs) => {
    const p = classify(theIndicators({ ema9_ticks: 1_000, ema21_ticks: 1_000, ...inputs })) ?? [];
    expect(Math.max(...p)).toBe(p[index]);
    expect(p[index]).toBeGreaterThan(QUALIFYING[index]!.threshold);
  });

  it.each(['rv30_percentile', 'er30', 'ema9_ticks', 'ema21_ticks', 'atr14_ticks'] as const)(
    'has nothing to say without %s',
    (name) => expect(classify(theIndicators({ [name]: null }))).toBeNull(),
  );

  it('calls a market that does not move directionless', () => {
    const still = theIndicators({ er30: 0, atr14_ticks: 0, ema9_ticks: 1_000, ema21_ticks: 1_000 });
    expect(classify(still)?.[1]).toBeGreaterThan(0.54);
  });
});
