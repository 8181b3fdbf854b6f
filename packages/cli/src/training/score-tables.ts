import { scoreText, verdictOf, type TrainedModel, type ValueScores } from '@bellwether/training';
import { plainTable } from '../plain-table.js';
import type { TrainedNow } from './train-one.js';

const HASH_SHOWN = 16;

export const hashShown = (sha256: string): string => sha256.slice(0, HASH_SHOWN);

interface Row {
  readonly model: string;
  readonly seconds: string;
  readonly base: string;
  readonly own: string;
  readonly gain: string;
  readonly verdict: string;
  readonly version: string;
  readonly hash: string;
}

function rowOf(slot: string, { facts, scores }: TrainedModel, seconds: number, sha256: string): Row {
  const comparison = scores.axes[0]?.comparison;
  const { value } = scores;
  const base = comparison?.others.get('base_rate')?.log_loss ?? value?.others.get('arm_mean');
  const own = comparison?.scores.log_loss ?? value?.error;
  const gain = comparison?.gains.get('base_rate')?.log_loss ?? value?.gains.get('arm_mean');
  return {
    model: slot,
    seconds: seconds.toFixed(1),
    base: base?.value.toFixed(4) ?? '',
    own: own?.value.toFixed(4) ?? '',
    gain: gain === undefined ? '' : scoreText(gain),
    verdict: verdictOf(scores),
    version: facts.version,
    hash: hashShown(sha256),
  };
}

const HEAD = [
  'model',
  'seconds',
  'loss of the baseline',
  'model',
  'gain (95 %)',
  'verdict',
  'version',
  'SHA-256',
];

/** What each model and each of its baselines is worth, axis by axis. */
function detailOf(slot: string, { facts, scores }: TrainedModel): string {
  const rows = scores.axes.flatMap(({ axis, comparison }) => {
    const others = [...comparison.others].map(([name, own]) => ({
      name,
      own,
      gain: comparison.gains.get(name)?.log_loss,
    }));
    return [{ name: 'model', own: comparison.scores, gain: undefined }, ...others].map(
      ({ name, own, gain }) => [
        ...[axis, name, scoreText(own.log_loss), scoreText(own.brier), scoreText(own.balanced_accuracy)],
        ...[scoreText(own.calibration_error), gain === undefined ? '' : scoreText(gain)],
      ],
    );
  });
  const tested = `${slot}: ${scores.rows} rows of ${scores.sessions} sessions that it had not seen, ${scores.folds.length} fold(s)`;
  if (scores.value !== null) return `${tested}\n\n${valueTable(scores.value)}`;
  const head = [
    'what',
    'who',
    'log loss',
    'Brier',
    'balanced accuracy',
    'calibration error',
    'log loss more than the model',
  ];
  return `${tested}; calibration of the kept model: ${facts.calibration.method}\n\n${plainTable(head, rows)}`;
}

/** Mean squared errors in R. */
function valueTable({ error, others, gains }: ValueScores): string {
  const rows = [...others].map(([name, own]) => {
    const gain = gains.get(name);
    return [name, scoreText(own), gain === undefined ? '' : scoreText(gain)];
  });
  return plainTable(
    ['who', 'squared error of net R', 'more than the model'],
    [['model', scoreText(error), ''], ...rows],
  );
}

/** What was trained, for the table and beside it. */
export interface Told {
  readonly row: Row;
  readonly detail: string;
}

export function told({ slot, trained, seconds, sha256 }: TrainedNow): Told {
  return { row: rowOf(slot, trained, seconds, sha256), detail: detailOf(slot, trained) };
}

/** The models that were trained, a row each. */
export const trainedTable = (all: readonly Told[]): string =>
  plainTable(
    HEAD,
    all.map(({ row }) => Object.values(row) as string[]),
  );
