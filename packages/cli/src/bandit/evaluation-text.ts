import {
  CHOICES_MIN,
  EFFECTIVE_MIN,
  loggedValue,
  type ChoiceLog,
  type Evaluation,
  type Refusal,
  type Support,
  type ValueEstimate,
} from '@bellwether/bandit';
import { plainTable } from '../plain-table.js';

const R_DIGITS = 3;

export function refusalText(refused: Refusal, { choices, effective, unsupported }: Support): string {
  switch (refused) {
    case 'too_few_choices':
      return `refused: too few choices (${choices} of ${CHOICES_MIN})`;
    case 'no_support':
      return `refused: no support (${(100 * unsupported).toFixed(1)} % of its choices could never be in the log)`;
    case 'thin_support':
      return `refused: thin support (worth ${effective.toFixed(0)} of its own choices, ${EFFECTIVE_MIN} needed)`;
  }
}

export function estimateText({ value, interval }: ValueEstimate): string {
  const point = value.toFixed(R_DIGITS);
  if (interval.missing !== null) return `${point} (no interval: ${interval.missing})`;
  const { low, high } = interval.value;
  return `${point} (${low.toFixed(R_DIGITS)} to ${high.toFixed(R_DIGITS)})`;
}

function rowOf(evaluation: Evaluation): readonly string[] {
  const { policy, support, refused } = evaluation;
  const facts = [support.effective.toFixed(0), `${(100 * support.trades).toFixed(0)} %`];
  if (refused !== null) return [policy, refusalText(refused, support), '', '', ...facts];
  const { ips, snips, dr } = evaluation;
  return [policy, estimateText(ips), estimateText(snips), estimateText(dr), ...facts];
}

/** What policies would have earned by the log of a book. */
export function evaluationText(
  book: string,
  { choices, open, without_risk }: ChoiceLog,
  evaluations: readonly Evaluation[],
): string {
  const own = loggedValue(choices);
  const traded = choices.filter(({ trade }) => trade !== null).length;
  const several = choices.filter(({ arms }) => arms.length > 1).length;
  const head = ['policy', 'IPS', 'SNIPS', 'doubly robust', 'effective choices', 'trades in'];
  const drawn = evaluations.find(({ refused }) => refused === null);
  const unit = drawn?.refused === null ? drawn.drawn : null;
  return [
    `book ${book}: ${choices.length} choices, ${several} of them between several arms, ${traded} became trades; left out: ${open} still open, ${without_risk} without known risk`,
    `earned by the log itself: ${own.missing === null ? `${own.value.toFixed(R_DIGITS)} R a choice` : 'nothing was chosen'}`,
    '',
    plainTable(head, evaluations.map(rowOf), [4, 5]),
    '',
    unit === null
      ? 'Nothing is estimated from a log that could not bear it out.'
      : `R a choice, with 90 % intervals; the bootstrap drew ${unit}.`,
  ].join('\n');
}
