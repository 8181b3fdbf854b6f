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

const WHO = ['place', 'version', 'role'];
const ANSWERS = [...WHO, 'answered', 'refused', 'failed', 'rows', 'sessions', 'p99 ms'];
const SCORES = [...WHO, 'log loss', 'champion', 'base rate', 'Brier', 'champion', 'base rate', 'calibration', 'band'];
/** Columns of numbers. */
const numbers = (head: readonly string[]): readonly number[] => head.map((_, i) => i).slice(WHO.length);
/** Half the width of a picture, in characters. */
const HALF = 20;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const whoOf = ({ place, model, decides }: ModelRecord): readonly string[] => [
  ...[place, model.version, decides ? 'champion' : 'challenger'],
];

function answersOf(record: ModelRecord, { rows, sessions, latencyP99Ms }: RecordScores): readonly (string | number)[] {
  const refused = sum(record.refused.map(({ count }) => count));
  return [...whoOf(record), record.answered, refused, record.failed, rows, sessions, numberText(latencyP99Ms)];
}

function scoreRow(record: ModelRecord, scores: RecordScores): readonly string[] {
  const losses = (pick: (of: MeanLosses) => number | null): readonly string[] =>
    [scores.said, scores.decided, scores.base].map((of) => numberText(pick(of)));
  return [
    ...[...whoOf(record), ...losses(({ logLoss }) => logLoss), ...losses(({ brier }) => brier)],
    ...[numberText(scores.calibration?.error ?? null), numberText(scores.calibration?.band ?? null)],
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
  const table = (head: readonly string[], row: typeof answersOf): string =>
    plainTable(
      head,
      scored.map(({ record, scores }) => row(record, scores)),
      numbers(head),
    );
  const pictures = scored
    .filter(({ record, scores }) => !record.decides && scores.gains.length > 0)
    .map(({ record, scores }) => picture(record, scores));
  return [table(ANSWERS, answersOf), table(SCORES, scoreRow), ...pictures].join('\n\n');
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
