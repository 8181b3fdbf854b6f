import { describe, expect, test } from '@jest/globals';
import type { AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { CheckFailed } from '../bench.js';
import { goldenDays } from '../cases.js';
import { checkGoldenDays } from './golden-days.js';

describe('the check before the line is measured', () => {
  test('given the line, then the recorded days come to their digests', () => {
    expect(checkGoldenDays(LINE)).toBe(goldenDays().length);
  });

  test('given a line whose risk stage forgets what it knew, then there is no figure', () => {
    const forgetful = LINE.map((stage): AnyStage => ({
      ...stage,
      apply: (state, frame, answers) =>
        stage.apply(stage.name === 'risk' ? stage.initialState() : state, frame, answers),
    }));
    expect(() => checkGoldenDays(forgetful)).toThrow(CheckFailed);
  });
});
