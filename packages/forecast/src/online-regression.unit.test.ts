/** Goal: the online half learns what there is to learn, and nothing from noise. Method: rows whose truth is known. */
import { describe, expect, it } from '@jest/globals';
import { uniformSource } from '@bellwether/kernel';
import { afterLabel, newRegression, probabilityOf, type OnlineRegression } from './online-regression.js';

const WIDTH = 4;
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Trains on rows of two numbers and a bias; mean log loss of the forecasts made before each label, in the second half. */
function learn(truth: (x: readonly number[]) => number, seed: string, rows = 4_000) {
  const next = uniformSource(seed);
  let regression: OnlineRegression = newRegression(WIDTH);
  let loss = 0;
  let base = 0;
  for (let i = 0; i < rows; i++) {
    const x = [2 * next() - 1, 2 * next() - 1];
    const row = { places: [0, 2, 3], values: [...x, 1] };
    const label = next() < truth(x) ? 1 : 0;
    const p = probabilityOf(regression, row);
    if (i >= rows / 2) {
      loss -= Math.log(label === 1 ? p : 1 - p);
      base -= Math.log(0.5);
    }
    regression = afterLabel(regression, row, label);
  }
  return { regression, gain: (base - loss) / (rows / 2) };
}

describe('the online regression', () => {
  it('says one half before the first label', () => {
    expect(probabilityOf(newRegression(WIDTH), { places: [0, 3], values: [5, 1] })).toBe(0.5);
  });

  it('finds a planted dependence, with its sign, and leaves alone what was never there', () => {
    const { regression, gain } = learn((x) => sigmoid(2 * x[0]! - x[1]!), 'planted');
    expect(gain).toBeGreaterThan(0.1);
    const at = (place: number) => probabilityOf(regression, { places: [place], values: [1] });
    expect(at(0)).toBeGreaterThan(0.75);
    expect(at(2)).toBeLessThan(0.4);
    expect(at(1)).toBe(0.5);
    expect(regression.labels).toBe(4_000);
  });

  it('gains nothing from noise', () => {
    expect(learn(() => 0.5, 'noise').gain).toBeLessThan(0.005);
  });

  it('changes nothing in place', () => {
    const before = newRegression(WIDTH);
    const row = { places: [0, 3], values: [1, 1] };
    const after = afterLabel(before, row, 1);
    expect(before).toEqual(newRegression(WIDTH));
    expect(after.z).not.toEqual(before.z);
  });
});
