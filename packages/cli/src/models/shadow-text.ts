import {
  gateWords,
  numberText,
  scoresOf,
  type MeanLosses,
  type ModelRecord,
  type RecordScores,
  type ShadowState,
  type Verdict,
} from '@bellwether/model-review';
import { plainTable } from '../plain-table.js';

const HEAD = [
  ...['place', 'version', 'role', 'answered', 'refused', 'failed', 'rows', 'sessions'],
  ...['log loss', 'of champion', 'of base rate', 'Brier', 'of champion', 'of base rate', 'calibration', 'band', 'p99 ms'],
];
const NUMBERS = HEAD.map((_, i) => i).slice(3);
/** Half the width of a picture, in characters. */
const HALF = 20;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function rowOf(record: ModelRecord, scores: RecordScores): readonly (string | number)[] {
  const losses = (pick: (of: MeanLosses) => number | null): readonly string[] =>
    [scores.said, scores.decided, scores.base].map((of) => numberText(pick(of)));
  return [
    ...[record.place, record.model.version, record.decides ? 'champion' : 'challenger'],
    ...[record.answered, sum(record.refused.map(({ count }) => count)), record.failed],
    ...[scores.rows, scores.sessions, ...losses(({ logLoss }) => logLoss), ...losses(({ brier }) => brier)],
    ...[numberText(scores.calibration?.error ?? null), numberText(scores.calibration?.band ?? null)],
    numberText(scores.latencyP99Ms),
  ];
}

/** Gain in log loss by session as a picture: to the right of the line the challenger was better. */
function picture({ place, model }: ModelRecord, { gains }: RecordScores): string {
  const most = Math.max(1e-9, ...gains.map(({ gain }) => Math.abs(gain)));
  const lines = gains.map(({ session, gain }) => {
    const length = Math.round((Math.abs(gain) / most) * HALF);
    const bar = '█'.repeat(length);
    const drawn = gain < 0 ? `${bar.padStart(HALF)}│` : `${''.padStart(HALF)}│${bar}`;
    return `${session}  ${drawn.padEnd(2 * HALF + 1)}  ${numberText(gain)}`;
  });
  return [`${place} ${model.version}: gain in log loss by session`, ...lines].join('\n');
}

/** Challengers beside champions: a table, and a picture of each challenger. */
export function renderShadow({ records }: ShadowState): string {
  if (records.length === 0) return 'No model was asked.';
  const byPlace = [...records].sort(
    (a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : Number(b.decides) - Number(a.decides)),
  );
  const scored = byPlace.map((record) => ({ record, scores: scoresOf(record) }));
  const table = plainTable(
    HEAD,
    scored.map(({ record, scores }) => rowOf(record, scores)),
    NUMBERS,
  );
  const pictures = scored
    .filter(({ record, scores }) => !record.decides && scores.gains.length > 0)
    .map(({ record, scores }) => picture(record, scores));
  return [table, ...pictures].join('\n\n');
}

/** Every gate of a verdict, with its number and bound. */
export function renderVerdict(place: string, version: string, { passed, gates }: Verdict): string {
  const title = `${place} ${version}: ${passed ? 'may be promoted' : 'is not promoted'}`;
  if (gates.length === 0) return `${title}: nothing is known to compare its answers with`;
  const rows = gates.map(({ name, value, low, high, bound, verdict }) => [
    gateWords(name),
    numberText(value),
    low === null || high === null ? '' : `${numberText(low)} to ${numberText(high)}`,
    bound === null ? '' : numberText(bound),
    verdict.replace('_', ' '),
  ]);
  return `${title}\n${plainTable(['gate', 'value', '90 % interval', 'bound', 'verdict'], rows, [1, 3])}`;
}
