import { assert } from '@bellwether/kernel';
import { known, type Known } from '../measure.js';

export interface WalkForwardPlan {
  /** Sessions to fit on. */
  readonly train: number;
  /** Sessions to choose by; 0 for none. */
  readonly validate: number;
  /** Sessions that are looked at once. */
  readonly test: number;
  /** Sessions from one fold to the next; default: the tested ones, so that each is tested once. */
  readonly roll?: number;
  /** Sessions left out before validation and before test, where labels reach over. */
  readonly embargo?: number;
  /** True: every fold trains from the first session on. */
  readonly anchored?: boolean;
}

export interface WalkForwardFold {
  readonly train: readonly number[];
  readonly validate: readonly number[];
  readonly test: readonly number[];
}

/** Data too short for one fold: how many sessions there are, and how many one fold needs. */
export interface TooShort {
  readonly value: null;
  readonly missing: 'too_few';
  readonly sessions: number;
  readonly needed: number;
}

/**
 * Folds of whole sessions, forward in time (domain.md 9.4): train, embargo, validate, embargo, test. What is left at the end
 * and fills no whole test is not tested.
 */
export function walkForward(
  sessions: readonly number[],
  plan: WalkForwardPlan,
): Known<readonly WalkForwardFold[]> | TooShort {
  const { train, validate, test, embargo = 0, anchored = false } = plan;
  const roll = plan.roll ?? test;
  assert(
    train >= 1 && validate >= 0 && test >= 1 && roll >= 1 && embargo >= 0,
    'Expected lengths of sessions',
  );
  assert([train, validate, test, roll, embargo].every(Number.isInteger), 'Sessions are counted whole');
  assert(
    sessions.every((session, i) => i === 0 || session > sessions[i - 1]!),
    'Sessions come ascending, each once',
  );
  const validateFrom = train + (validate > 0 ? embargo : 0);
  const testFrom = validateFrom + validate + embargo;
  const needed = testFrom + test;
  if (sessions.length < needed) return { value: null, missing: 'too_few', sessions: sessions.length, needed };
  const folds: WalkForwardFold[] = [];
  for (let start = 0; start + needed <= sessions.length; start += roll) {
    folds.push({
      train: sessions.slice(anchored ? 0 : start, start + train),
      validate: sessions.slice(start + validateFrom, start + validateFrom + validate),
      test: sessions.slice(start + testFrom, start + needed),
    });
  }
  return known(folds);
}
