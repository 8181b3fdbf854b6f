import { describe, expect, it } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import {
  balancedAccuracy,
  calibrated,
  classBrierScore,
  classLogLoss,
  flatMap,
  topLabelError,
} from '@bellwether/statistics';
import { afterMap, chooseCalibration, type SaidRows } from './calibrate.js';
import { compareScores } from './session-scores.js';

const CLASSES = 4;
const uniform = uniformSource('scores');

function forecasts(count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, () => {
    const raw = Array.from({ length: CLASSES }, () => 0.05 + uniform());
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((p) => p / sum);
  });
}

function drawn(p: readonly number[]): number {
  let left = uniform();
  return Math.max(
    0,
    p.findIndex((one) => (left -= one) < 0),
  );
}

describe('scores by session', () => {
  const probabilities = forecasts(600);
  const outcomes = probabilities.map(drawn);
  const prior = [0.25, 0.25, 0.25, 0.25];
  const rows = outcomes.map((outcome, i) => ({ session: Math.floor(i / 60), outcome, prior }));
  const base = rows.map(() => [0.25, 0.25, 0.25, 0.25]);
  const said = new Map([
    ['model', probabilities],
    ['base_rate', base],
  ]);
  const found = compareScores(rows, said, 'model', { seed: 's', level: 0.95 });

  it('are those of the statistics package', () => {
    const { scores } = found;
    expect(scores.log_loss.value).toBeCloseTo(classLogLoss({ probabilities, outcomes }).value ?? NaN, 9);
    expect(scores.brier.value).toBeCloseTo(classBrierScore({ probabilities, outcomes }).value ?? NaN, 9);
    expect(scores.calibration_error.value).toBeCloseTo(
      topLabelError({ probabilities, outcomes }).value ?? NaN,
      9,
    );
    const named = probabilities.map((row) => row.indexOf(Math.max(...row)));
    expect(scores.balanced_accuracy.value).toBeCloseTo(balancedAccuracy(named, outcomes).value ?? NaN, 9);
  });

  it('have intervals around them, and a gain above zero over saying nothing', () => {
    const { low, high, value } = found.scores.log_loss;
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(found.gains.get('base_rate')?.log_loss.low).toBeGreaterThan(0);
  });

  it('have no interval with fewer than ten sessions', () => {
    const few = rows.map((row) => ({ ...row, session: row.session % 4 }));
    const { scores } = compareScores(few, said, 'model', { seed: 's', level: 0.95 });
    expect(scores.log_loss).toMatchObject({ low: null, high: null });
  });
});

describe('a calibration', () => {
  const sample = (slope: number, count: number): SaidRows => {
    const truth = Array.from({ length: count }, () => 0.1 + 0.8 * uniform());
    const said = truth.map((p) => calibrated({ kind: 'platt', slope, intercept: 0 }, p));
    return {
      probabilities: said.map((p) => [1 - p, p]),
      outcomes: truth.map((p) => (uniform() < p ? 1 : 0)),
    };
  };

  it('is taken where both losses fall on newer rows', () => {
    const map = chooseCalibration(sample(3, 3_000), sample(3, 3_000));
    expect(map.kind).not.toBe('identity');
    // 0.88 was said where 0.66 is true.
    expect(afterMap(map, [0.12, 0.88])[1]).toBeCloseTo(0.66, 1);
  });

  it('is the identity where the rows are too few, or the newer ones say otherwise', () => {
    expect(chooseCalibration(sample(3, 8), sample(3, 8)).kind).toBe('identity');
    expect(chooseCalibration(sample(3, 2_000), sample(0.4, 2_000)).kind).toBe('identity');
  });

  it('of four classes is a temperature', () => {
    const truth = forecasts(2_000);
    const sharp = truth.map((row) => {
      const powers = row.map((p) => p ** 3);
      const sum = powers.reduce((a, b) => a + b, 0);
      return powers.map((p) => p / sum);
    });
    const rows = { probabilities: sharp, outcomes: truth.map(drawn) };
    const map = chooseCalibration(rows, { ...rows, outcomes: truth.map(drawn) });
    expect(map.kind).toBe('temperature');
    expect(map).toMatchObject({ kind: 'temperature' });
    expect(flatMap(map).parameters[0]).toBeGreaterThan(2);
  });
});
