import { assert } from '@bellwether/kernel';
import {
  bestDay,
  openedLedger,
  paidLedger,
  pricedLedger,
  rolledLedger,
  type Ledger,
} from '@bellwether/portfolio';
import type { AccountProfile } from '@bellwether/contracts';
import { BOOTSTRAP_DAYS_MIN } from '../bootstrap/block-length.js';
import { meanBlockOf } from '../bootstrap/intervals.js';
import { forEachResample, type ResampleOptions } from '../bootstrap/stationary.js';
import { known, missing, type Measure } from '../measure.js';
import { sortedQuantile } from '../moments.js';

/** One trade date of an account, in cents against the balance at its start. Fees are in all three. */
export interface AccountDay {
  readonly net_cents: number;
  /** Lowest equity, open positions at their worst price; not above 0 or the net result. */
  readonly worst_cents: number;
  /** Highest equity; not below 0 or the net result. */
  readonly best_cents: number;
}

export interface EvaluationRules {
  /** Start balance, floor of the largest loss, and the largest share of the best day. */
  readonly profile: AccountProfile;
  /** Profit that ends the evaluation. */
  readonly target_cents: number;
  /** Trade dates that it takes at least; default 1. */
  readonly daysMin?: number;
}

export type Outcome = 'passed' | 'breached' | 'open';

/** How one evaluation ended, and after how many trade dates. */
export interface Evaluation {
  readonly outcome: Outcome;
  readonly days: number;
}

/**
 * Plays days through the account rules (domain.md 2.2) until the account is breached, has passed, or the days end. Where an
 * intraday floor follows the equity, the best moment of a day is taken to come before its worst: the order that hurts. A
 * target is judged at the end of a day, with the share of the best day where the profile has such a rule.
 */
export function evaluateAccount(days: Iterable<AccountDay>, rules: EvaluationRules): Evaluation {
  const { profile, target_cents, daysMin = 1 } = rules;
  let ledger = openedLedger(profile);
  let count = 0;
  for (const day of days) {
    if (count > 0) ledger = rolledLedger(ledger, profile);
    count += 1;
    const { balance_cents: start } = ledger;
    ledger = pricedLedger(ledger, profile, start + day.best_cents, start + day.worst_cents);
    if (ledger.breached) return { outcome: 'breached', days: count };
    ledger = paidLedger(ledger, day.net_cents, 0);
    if (count >= daysMin && hasPassed(ledger, profile, target_cents))
      return { outcome: 'passed', days: count };
  }
  return { outcome: 'open', days: count };
}

function hasPassed(ledger: Ledger, profile: AccountProfile, target_cents: number): boolean {
  const profit = ledger.balance_cents - ledger.start_balance_cents;
  const { best_day_max_share: share } = profile;
  return profit >= target_cents && (share === null || bestDay(ledger) <= share * profit);
}

/** Outcomes of many evaluations. */
export interface OutcomeShares {
  readonly evaluations: number;
  readonly passed: number;
  readonly breached: number;
  /** Neither before the days ended: they say nothing of how it would have ended. */
  readonly open: number;
  /** Median of the trade dates until a pass; null where none passed. */
  readonly daysToPass: number | null;
}

/**
 * One evaluation from each of the days on, in the order in which they were. They overlap, so their number says nothing of how
 * sure the shares are: see {@link resampledOutcomes}.
 */
export function outcomesByStart(days: readonly AccountDay[], rules: EvaluationRules): Measure<OutcomeShares> {
  const fault = faultOfDays(days, rules, 1);
  if (fault !== null) return fault;
  return known(sharesOf(days.map((_, start) => evaluateAccount(from(days, start), rules))));
}

/**
 * Evaluations over as many days as there are, drawn in blocks (stationary bootstrap): how often days like these would pass or
 * breach in another order and mix.
 */
export function resampledOutcomes(
  days: readonly AccountDay[],
  rules: EvaluationRules,
  options: ResampleOptions,
): Measure<OutcomeShares> {
  const fault = faultOfDays(days, rules, BOOTSTRAP_DAYS_MIN);
  if (fault !== null) return fault;
  const block = meanBlockOf(
    days.map(({ net_cents }) => net_cents),
    options,
  );
  if (block.missing !== null) return block;
  const evaluations: Evaluation[] = [];
  forEachResample(days.length, block.value, options, (places) => {
    evaluations.push(evaluateAccount(at(days, places), rules));
  });
  return known(sharesOf(evaluations));
}

function* from(days: readonly AccountDay[], start: number): Iterable<AccountDay> {
  for (let i = start; i < days.length; i++) yield days[i]!;
}

function* at(days: readonly AccountDay[], places: Int32Array): Iterable<AccountDay> {
  for (const place of places) yield days[place]!;
}

function faultOfDays(
  days: readonly AccountDay[],
  { target_cents, daysMin = 1 }: EvaluationRules,
  atLeast: number,
): ReturnType<typeof missing> | null {
  assert(target_cents > 0 && daysMin >= 1, 'Expected a target above 0 and at least one day');
  if (days.length < atLeast) return missing('too_few');
  const cents = days.every((day) =>
    [day.net_cents, day.worst_cents, day.best_cents].every((value) => Number.isSafeInteger(value)),
  );
  if (!cents) return missing('not_finite');
  const ordered = days.every(
    ({ net_cents, worst_cents, best_cents }) =>
      worst_cents <= Math.min(0, net_cents) && best_cents >= Math.max(0, net_cents),
  );
  return ordered ? null : missing('out_of_range');
}

function sharesOf(evaluations: readonly Evaluation[]): OutcomeShares {
  const share = (outcome: Outcome): number =>
    evaluations.filter((one) => one.outcome === outcome).length / evaluations.length;
  const passes = evaluations.filter(({ outcome }) => outcome === 'passed').map(({ days }) => days);
  return {
    evaluations: evaluations.length,
    passed: share('passed'),
    breached: share('breached'),
    open: share('open'),
    daysToPass:
      passes.length === 0
        ? null
        : sortedQuantile(
            passes.sort((a, b) => a - b),
            0.5,
          ),
  };
}
