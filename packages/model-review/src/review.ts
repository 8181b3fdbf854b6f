import type { Verdict } from './gates.js';
import { reviewed, type Gate, type GateName, type ReviewInput } from './gates.js';
import type { ModelRecord } from './records.js';
import type { Finding } from './watch.js';

/** What a review is about, besides the record. */
export interface ReviewedPlace {
  readonly champion: boolean;
  readonly synthetic_data: boolean;
}

/** What a record says of a challenger, of after the newest label that it was trained on. */
export function reviewInputOf(record: ModelRecord, { champion, synthetic_data }: ReviewedPlace): ReviewInput {
  const { model, rows, answered, failed, refused, latencies } = record;
  return {
    ...{ model: model.model, champion, synthetic_data, trained_on_synthetic: model.synthetic },
    rows: rows.filter(({ start_us }) => start_us >= model.trained_until_us),
    ...{ answered, latencies, refused: failed + refused.reduce((sum, { count }) => sum + count, 0) },
  };
}

/** The verdict on a challenger; intervals are drawn by its bytes, so the same record gives the same verdict. */
export function reviewRecord(record: ModelRecord, place: ReviewedPlace): Verdict {
  return reviewed(reviewInputOf(record, place), `review ${record.model.sha256}`);
}

const WORDS: Readonly<Record<GateName, string>> = {
  origin: 'made of synthetic data',
  rows: 'rows',
  sessions: 'sessions',
  log_loss_against_champion: 'log loss against champion',
  brier_against_champion: 'Brier against champion',
  log_loss_against_base_rate: 'log loss against base rate',
  brier_against_base_rate: 'Brier against base rate',
  calibration_error: 'calibration error',
  latency_p99_ms: 'p99 ms',
  refusal_share: 'refused',
};

export const gateWords = (name: GateName): string => WORDS[name];

/** A number as it is read: four digits that count. */
export function numberText(value: number | null): string {
  if (value === null) return '-';
  return Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function gateText({ name, value, low, high, bound, verdict }: Gate): string {
  const interval = low === null || high === null ? '' : ` [${numberText(low)}, ${numberText(high)}]`;
  const against = bound === null ? '' : ` (bound ${numberText(bound)})`;
  return `${WORDS[name]} ${numberText(value)}${interval}${against} ${verdict.replace('_', ' ')}`;
}

/** One line for the record, with every number. */
export function verdictText({ passed, gates }: Verdict): string {
  if (gates.length === 0) return 'not passed: nothing is known to compare its answers with';
  return `${passed ? 'passed' : 'not passed'}: ${gates.map(gateText).join('; ')}`;
}

/** Why a champion is taken back, with its numbers. */
export function findingText(finding: Finding): string {
  if (finding.kind === 'refusals') {
    const { share, bound, questions } = finding;
    return `failed ${numberText(share)} of its newest ${questions} questions (bound ${numberText(bound)})`;
  }
  const { error, band, rows } = finding;
  return `calibration error ${numberText(error)} over ${rows} rows outside its band of ${numberText(band)}, twice in a row`;
}
