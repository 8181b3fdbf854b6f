import { assert } from '@bellwether/kernel';

/** Learning rate by step, as plain data. */
export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number }
  /** Half a cosine from `rate` to `final` over so many steps, then `final` (Loshchilov, Hutter 2017). */
  | { readonly kind: 'cosine'; readonly rate: number; readonly final: number; readonly steps: number }
  /** A straight line from near 0 to the first rate of `then`, over so many steps. */
  | {
      readonly kind: 'warm_up';
      readonly steps: number;
      readonly then: Exclude<Schedule, { kind: 'warm_up' }>;
    };

/** The rate of a step, the first being 0. Made of additions and products alone, so that it is the same everywhere. */
export function learningRate(schedule: Schedule, step: number): number {
  assert(Number.isInteger(step) && step >= 0, `Steps are counted from 0, was ${step}`);
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'cosine': {
      if (step >= schedule.steps) return schedule.final;
      const share = (1 + cosineOfHalfTurns(step / schedule.steps)) / 2;
      return schedule.final + (schedule.rate - schedule.final) * share;
    }
    case 'warm_up': {
      if (step >= schedule.steps) return learningRate(schedule.then, step - schedule.steps);
      return (learningRate(schedule.then, 0) * (step + 1)) / schedule.steps;
    }
  }
}

const SERIES_TERMS = 12;

/** cos(π x) for x in [0, 1], by its series about the nearest zero or end; V8's own has changed between versions. */
function cosineOfHalfTurns(x: number): number {
  if (x > 0.5) return -cosineOfHalfTurns(1 - x);
  const square = (Math.PI * x) ** 2;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= SERIES_TERMS; n++) {
    term *= -square / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}
