/**
 * Goal: calibration maps mend scores whose fault is known, and leave the order of forecasts alone.
 * Source of the figures: learning.md section 6 (true logit = (z - 0.7) / 2.5; fit on 4,000, tested on 20,000; here on 10,000).
 */
import { describe, expect, it } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import type { Measure } from '../measure.js';
import { calibrationError, logLoss } from './binary.js';
import {
  IDENTITY_MAP,
  calibrated,
  fitBeta,
  fitIsotonic,
  fitPlatt,
  fitTemperature,
  poolAdjacentViolators,
  tempered,
  type CalibrationMap,
  type CalibrationSample,
} from './maps.js';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Over-confident and shifted scores. */
function drawn(seed: string, count: number): CalibrationSample {
  const next = uniformSource(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const scores = Array.from({ length: count }, () => 2.5 * normal() + 0.7);
  return {
    probabilities: scores.map(sigmoid),
    outcomes: scores.map((z) => (next() < sigmoid((z - 0.7) / 2.5) ? 1 : 0)),
  };
}

function mapOf(found: Measure<CalibrationMap>): CalibrationMap {
  if (found.missing !== null) throw new Error(`Expected a map, was ${found.missing}`);
  return found.value;
}

const FIT = drawn('fit', 4_000);
const TEST = drawn('test', 10_000);

function lossAfter(map: CalibrationMap, { probabilities, outcomes }: CalibrationSample): number {
  const found = logLoss({ probabilities: probabilities.map((p) => calibrated(map, p)), outcomes });
  return found.value ?? Number.NaN;
}

function errorAfter(map: CalibrationMap): number {
  const probabilities = TEST.probabilities.map((p) => calibrated(map, p));
  return calibrationError({ probabilities, outcomes: TEST.outcomes }).value?.expected ?? Number.NaN;
}

describe('calibration maps', () => {
  it('of Platt and beta mend an over-confident, shifted score as measured; isotonic nearly so', () => {
    const truth: CalibrationMap = { method: 'platt', parameters: [1 / 2.5, -0.7 / 2.5] };
    const best = lossAfter(truth, TEST);
    const raw = lossAfter(IDENTITY_MAP, TEST);
    const platt = mapOf(fitPlatt(FIT));
    expect(raw).toBeGreaterThan(best + 0.1);
    expect(lossAfter(platt, TEST)).toBeLessThan(best + 0.001);
    expect(lossAfter(mapOf(fitBeta(FIT)), TEST)).toBeLessThan(best + 0.001);
    expect(lossAfter(mapOf(fitIsotonic(FIT)), TEST)).toBeLessThan(best + 0.02);
    expect(platt.parameters[0]).toBeCloseTo(0.4, 1);
    expect(platt.parameters[1]).toBeCloseTo(-0.28, 1);
    expect(errorAfter(platt)).toBeLessThan(errorAfter(IDENTITY_MAP) / 4);
  });

  it('keep the order of forecasts', () => {
    const grid = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
    for (const map of [fitPlatt(FIT), fitBeta(FIT), fitIsotonic(FIT)].map(mapOf)) {
      const values = grid.map((p) => calibrated(map, p));
      expect(values.every((value, i) => i === 0 || value >= values[i - 1]!)).toBe(true);
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it.each([
    [
      [1, 3, 2, 4, 3.5, 5],
      [1, 2.5, 2.5, 3.75, 3.75, 5],
    ],
    [
      [4, 3, 2, 1],
      [2.5, 2.5, 2.5, 2.5],
    ],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [[], []],
  ])('pool %j as published', (values, pooled) => {
    expect(poolAdjacentViolators(values)).toEqual(pooled);
    expect(poolAdjacentViolators(pooled)).toEqual(pooled);
  });

  it('find the temperature that class probabilities were sharpened with, and keep the first class', () => {
    const next = uniformSource('classes');
    const rows: (readonly number[])[] = [];
    const classes: number[] = [];
    for (let i = 0; i < 2_000; i++) {
      const scores = Array.from({ length: 4 }, () => 2 * next() - 1);
      const sum = scores.reduce((total, z) => total + Math.exp(z), 0);
      const truth = scores.map((z) => Math.exp(z) / sum);
      let u = next();
      classes.push(
        Math.max(
          0,
          truth.findIndex((p) => (u -= p) < 0),
        ),
      );
      rows.push(tempered(truth, 1 / 3));
    }
    const map = mapOf(fitTemperature(rows, classes));
    expect(Math.abs(map.parameters[0]! - 3)).toBeLessThan(0.6);
    const row = rows[0]!;
    const after = tempered(row, map.parameters[0]!);
    expect(after.indexOf(Math.max(...after))).toBe(row.indexOf(Math.max(...row)));
    expect(after.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it('say why there is none', () => {
    const one = { probabilities: [0.2, 0.4, 0.6], outcomes: [1, 1, 1] };
    expect(fitPlatt(one)).toEqual({ value: null, missing: 'one_class' });
    const few = { probabilities: [0.2, 0.4, 0.6], outcomes: [1, 0, 1] };
    expect(fitBeta(few)).toEqual({ value: null, missing: 'too_few' });
    expect(fitIsotonic(drawn('few', 500))).toEqual({ value: null, missing: 'too_few' });
    expect(fitTemperature([[1, 0]], [0])).toEqual({ value: null, missing: 'too_few' });
    const wrong = drawn('wrong', 500);
    expect(fitPlatt({ ...wrong, probabilities: wrong.probabilities.map((p) => p + 1) })).toEqual({
      value: null,
      missing: 'out_of_range',
    });
  });
});
