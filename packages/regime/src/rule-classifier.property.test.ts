// Goal: the trend axis must not call noise a trend (domain.md 0, point 7). Method: bars of a Gaussian random walk, the
// inputs computed here from their definitions, and the share of bars that the classifier would name. What the whole stage says
// of made-up worlds is in packages/training.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FeatureVector, Indicators } from '@bellwether/contracts';
import { FEATURES } from '@bellwether/features';
import { uniformSource } from '@bellwether/kernel';
import { aFeatureVector, theIndicators } from '@bellwether/testkit';
import {
  QUALIFYING,
  classify,
  highVolatilityProbability,
  trendProbability,
  type TrendInputs,
} from './index.js';

const BARS = 60_000;
/** Bars between samples, so that their windows overlap little. */
const SPACING = 30;
const R4 = FEATURES.findIndex(({ code }) => code === 'R4');
const P4 = FEATURES.findIndex(({ code }) => code === 'P4');

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

interface NoiseBar {
  readonly change: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** What the last 61 bars say, by the definitions of domain.md 4.1 and 4.3. */
function inputsOf(bars: readonly NoiseBar[], ema_stack: number): TrendInputs {
  const half = bars.slice(-30);
  const net = sum(half.map(({ change }) => change));
  const span = Math.max(...half.map(({ high }) => high)) - Math.min(...half.map(({ low }) => low));
  const ranges = sum(half.map(({ high, low }) => high - low));
  const chop = Math.log10(ranges / span) / Math.log10(30);
  const hour = bars.slice(-60).map(({ change }) => change);
  const usual = Math.sqrt(sum(hour.map((change) => change * change)) / 60);
  return {
    er30: Math.abs(net) / sum(half.map(({ change }) => Math.abs(change))),
    ema_stack,
    direction30: 1 - 2 * chop,
    return60: Math.tanh(sum(hour) / (2 * usual * Math.sqrt(60))),
  };
}

/**
 * Each bar moves by a standard normal; its high and low are those of a continuous path between open and close, so that
 * ATR is not understated by coarse steps.
 */
function randomWalk(seed: string): readonly TrendInputs[] {
  const uniform = uniformSource(seed);
  const reach = (move: number): number => (move + Math.sqrt(move * move - 2 * Math.log(1 - uniform()))) / 2;
  const bars: NoiseBar[] = [];
  const samples: TrendInputs[] = [];
  let [close, ema9, ema21, atr] = [0, 0, 0, 1.6];
  for (let bar = 1; bar <= BARS; bar++) {
    const change = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const [up, down] = [reach(change), reach(-change)];
    bars.push({ change, high: close + up, low: close - down, close: close + change });
    close += change;
    ema9 += (2 / 10) * (close - ema9);
    ema21 += (2 / 22) * (close - ema21);
    atr += (up + down - atr) / 14;
    if (bar > 200 && bar % SPACING === 0) {
      samples.push(inputsOf(bars.slice(-60), Math.abs(ema9 - ema21) / atr));
    }
  }
  return samples;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))]!;
}

/** The inputs as the features stage tells them. */
function told(
  inputs: TrendInputs,
  rv30_percentile: number,
): readonly [indicators: Indicators, vector: FeatureVector] {
  const { er30, ema_stack, direction30, return60 } = inputs;
  const atr14_ticks = 10;
  const emas = { ema9_ticks: 1_000 + atr14_ticks * ema_stack, ema21_ticks: 1_000 };
  return [
    theIndicators({ er30, rv30_percentile, atr14_ticks, ...emas }),
    aFeatureVector({ present_index: [P4, R4], present_value: [return60, direction30] }),
  ];
}

describe('the rule classifier on a random walk', () => {
  let noise: readonly TrendInputs[] = [];
  beforeAll(() => {
    noise = randomWalk('rule-classifier');
  });

  it('has the percentiles that domain.md gives for a random walk', () => {
    const er30 = noise.map((sample) => sample.er30);
    expect(Math.abs(quantile(er30, 0.5) - 0.154)).toBeLessThan(0.02);
    expect(Math.abs(quantile(er30, 0.75) - 0.27)).toBeLessThan(0.02);
    expect(Math.abs(quantile(er30, 0.9) - 0.38)).toBeLessThan(0.03);
    // The median there is 48: its bars are coarser than a continuous path, which has wider ranges.
    const chop = noise.map((sample) => 50 * (1 - sample.direction30));
    expect(Math.abs(quantile(chop, 0.5) - 51)).toBeLessThan(2);
    const stack = noise.map((sample) => sample.ema_stack);
    expect(Math.abs(quantile(stack, 0.75) - 0.79)).toBeLessThan(0.04);
  });

  it('sees a trend in less than a third of the bars, and none at the median', () => {
    const trend = noise.map(trendProbability);
    expect(quantile(trend, 0.5)).toBeLessThan(0.35);
    const share = trend.filter((p) => p > 0.5).length / trend.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(1 / 3);
  });

  it('leaves part of the time to no state at all', () => {
    // The percentile of RV30 is uniform by construction.
    const unqualified = noise.filter((sample, i) => {
      const p = classify(...told(sample, (i % 100) / 100)) ?? [];
      return p.every((value, k) => value < QUALIFYING[k]!.threshold);
    });
    const share = unqualified.length / noise.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.45);
  });
});

const CHOP: TrendInputs = { er30: 0.05, ema_stack: 0, direction30: 0, return60: 0 };
const STRAIGHT: TrendInputs = { er30: 0.7, ema_stack: 1.6, direction30: 0.5, return60: -0.8 };

describe('classify', () => {
  it('gives four probabilities that sum to one, whatever the inputs', () => {
    const uniform = uniformSource('classify');
    for (let i = 0; i < 1_000; i++) {
      const inputs = {
        er30: uniform(),
        ema_stack: 100 * uniform(),
        direction30: 2 * uniform() - 1,
        return60: 2 * uniform() - 1,
      };
      const p = classify(...told(inputs, uniform()));
      expect(p).toHaveLength(4);
      expect(p?.every((value) => value > 0 && value < 1)).toBe(true);
      expect(p?.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 12);
    }
  });

  it('follows its axes', () => {
    expect(highVolatilityProbability(0.6)).toBe(0.5);
    expect(highVolatilityProbability(0.9)).toBeCloseTo(1 / (1 + Math.exp(-1.8)), 12);
    expect(trendProbability(STRAIGHT)).toBeGreaterThan(0.95);
    expect(trendProbability({ ...STRAIGHT, ema_stack: 9 })).toBe(
      trendProbability({ ...STRAIGHT, ema_stack: 2 }),
    );
  });

  it('takes a fall for as much of a trend as a rise', () => {
    expect(trendProbability({ ...STRAIGHT, return60: 0.8 })).toBe(trendProbability(STRAIGHT));
  });

  it.each(['er30', 'ema_stack', 'direction30', 'return60'] as const)('rises with %s', (name) => {
    const more = { ...CHOP, [name]: CHOP[name] + 0.3 };
    expect(trendProbability(more)).toBeGreaterThan(trendProbability(CHOP));
  });

  it.each([
    ['calm_trend', 0, 0.1, STRAIGHT],
    ['calm_chop', 1, 0.1, CHOP],
    ['highvol_trend', 2, 0.95, STRAIGHT],
    ['highvol_chop', 3, 0.95, CHOP],
  ])('names %s', (_name, index, rv30_percentile, inputs) => {
    const p = classify(...told(inputs, rv30_percentile)) ?? [];
    expect(Math.max(...p)).toBe(p[index]);
    expect(p[index]).toBeGreaterThan(QUALIFYING[index]!.threshold);
  });

  it.each(['rv30_percentile', 'er30', 'ema9_ticks', 'ema21_ticks', 'atr14_ticks'] as const)(
    'has nothing to say without %s',
    (name) => {
      const [indicators, vector] = told(CHOP, 0.1);
      expect(classify({ ...indicators, [name]: null }, vector)).toBeNull();
    },
  );

  it.each([
    ['R4', P4],
    ['P4', R4],
  ])('has nothing to say without %s', (_name, present) => {
    const vector = aFeatureVector({ present_index: [present], present_value: [0] });
    expect(classify(told(CHOP, 0.1)[0], vector)).toBeNull();
  });

  it('calls a market that does not move directionless', () => {
    const [indicators, vector] = told({ ...CHOP, er30: 0 }, 0.1);
    expect(classify({ ...indicators, atr14_ticks: 0 }, vector)?.[1]).toBeGreaterThan(0.54);
  });
});
