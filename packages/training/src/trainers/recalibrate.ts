import { createHash } from 'node:crypto';
import type { Manifest, ModelFacts } from '@bellwether/models';
import { present } from '@bellwether/kernel';
import { flatMap, mapOfFlat } from '@bellwether/statistics';
import { columnNamed, type DataSet } from '../data-sets/data-set.js';
import { betterCalibration, type BetterCalibration, type SaidRows } from './calibrate.js';
import { halves } from './folds.js';
import { MODEL_PLANS } from './model-plans.js';
import type { DataOfModel } from './train-model.js';
import { classRows } from './walk-forward-scores.js';

/** Sessions that a map is fitted and judged on: the newest. */
const SESSIONS_MAX = 40;
/** Half of them fit the map, half judge it. */
const SESSIONS_MIN = 4;
const DATA_PREFIX = 'calibration: ';
const HEADING = '## Calibration ';
/** Of the hash in a version. */
const HASH_DIGITS = 6;

export interface CalibrationRequest {
  readonly set: DataSet;
  readonly manifest: Manifest;
  /** Puts rows to the graph, without any calibration: all of its outputs, row by row. */
  readonly answers: (rows: readonly Float32Array[]) => Promise<readonly (readonly number[])[]>;
}

/** What came of the look for a better map. */
export interface Recalibration {
  /** Sessions that came after what the model was made from. */
  readonly sessions: number;
  readonly rows: number;
  /** Null where no map is better, or the sessions are too few. */
  readonly better: BetterCalibration | null;
  readonly why: 'better' | 'too_few_sessions' | 'not_better';
  /** yyyymmdd of the newest session looked at; 0 without one. */
  readonly newest: number;
  /** End of its newest label, microseconds UTC. */
  readonly until_us: number;
}

/** The rows with a label that no part of the model has seen, of the newest sessions. */
function newerRows(set: DataSet, label: string, trained_until_us: number): Int32Array {
  const labels = columnNamed(set.labelColumns, label);
  const unseen = Array.from({ length: set.rows }, (_, row) => row).filter(
    (row) => set.start_us[row]! >= trained_until_us && Number.isFinite(labels[row]!),
  );
  const sessions = [...new Set(unseen.map((row) => set.session[row]!))].sort((a, b) => a - b);
  const first = sessions.slice(-SESSIONS_MAX)[0] ?? 0;
  return Int32Array.from(unseen.filter((row) => set.session[row]! >= first));
}

function inputsOf({ features, mask, rows }: DataSet, row: number): Float32Array {
  const width = features.length / rows;
  const inputs = new Float32Array(2 * width);
  inputs.set(features.subarray(row * width, (row + 1) * width));
  inputs.set(mask.subarray(row * width, (row + 1) * width), width);
  return inputs;
}

async function saidOfGraph(
  { set, manifest, answers }: CalibrationRequest,
  rows: Int32Array,
): Promise<SaidRows> {
  const { head, label } = MODEL_PLANS[set.model].heads[0]!;
  const labels = columnNamed(set.labelColumns, label);
  let offset = 0;
  for (const { name, shape } of manifest.outputs) {
    if (name === head.name) break;
    offset += shape.reduce((product, size) => product * size, 1);
  }
  const answered = await answers(Array.from(rows, (row) => inputsOf(set, row)));
  const said = Float32Array.from(answered.flatMap((row) => row.slice(offset, offset + head.out)));
  return {
    probabilities: classRows(said, head.out),
    outcomes: Array.from(rows, (row) => labels[row]!),
  };
}

/**
 * Looks for a map that is better than the one in use: fitted on the older half of the sessions that came after the model's training,
 * and better by log loss and Brier score on the newer half, nothing of the first reaching into the second.
 */
export async function recalibrated(request: CalibrationRequest): Promise<Recalibration> {
  const { set, manifest } = request;
  const rows = newerRows(set, MODEL_PLANS[set.model].heads[0]!.label, manifest.trained_until_us);
  const sessions = new Set(Array.from(rows, (row) => set.session[row]!)).size;
  const seen = {
    ...{ sessions, rows: rows.length },
    newest: rows.reduce((most, row) => Math.max(most, set.session[row]!), 0),
    until_us: rows.reduce((most, row) => Math.max(most, set.end_us[row]!), 0),
  };
  if (sessions < SESSIONS_MIN) return { ...seen, better: null, why: 'too_few_sessions' };
  const [older, newer] = halves(set, rows);
  const inUse = present(mapOfFlat(manifest.calibration), 'the map of a verified manifest');
  const better = betterCalibration(
    await saidOfGraph(request, older),
    await saidOfGraph(request, newer),
    inUse,
  );
  return { ...seen, better, why: better === null ? 'not_better' : 'better' };
}

/** `20250410-0123456789ab` and a calibration of 15 April: `20250410-0123456789ab-c20250415a1b2c3`. */
function versionOf({ version, calibration }: Manifest, set: DataSet, newest: number): string {
  const base = version.replace(/-c\d{8}[0-9a-f]{6}$/, '').slice(0, 23);
  const hash = createHash('sha256')
    .update(JSON.stringify([version, calibration, set.sha256]))
    .digest('hex');
  return `${base}-c${newest}${hash.slice(0, HASH_DIGITS)}`;
}

const figure = (value: number): string => value.toFixed(4);

/** Facts and card of the same graph with a better map: a version of its own. */
export function calibratedModel(
  { set, manifest }: Pick<CalibrationRequest, 'set' | 'manifest'>,
  { better, sessions, rows, newest, until_us }: Recalibration & { readonly better: BetterCalibration },
  made: {
    readonly data: DataOfModel;
    readonly card: string;
    readonly command: string;
    readonly node: string;
  },
): { readonly facts: ModelFacts; readonly card: string } {
  const { map, before, after } = better;
  const { method, parameters } = flatMap(map);
  const synthetic = made.data.synthetic || manifest.trained_on === 'synthetic';
  const version = versionOf(manifest, set, newest);
  const metric = (value: number, old: number): ModelFacts['metrics'][string] => ({
    ...{ value, low: null, high: null, baseline: 'calibration_before', baseline_value: old },
  });
  const facts: ModelFacts = {
    ...{ name: manifest.name, version, regime: manifest.regime, schema_hash: manifest.schema_hash },
    ...{ inputs: manifest.inputs, outputs: manifest.outputs },
    trained_on: synthetic ? 'synthetic' : 'market',
    data: [
      ...manifest.data.filter(({ reference }) => !reference.startsWith(DATA_PREFIX)),
      ...made.data.references.map(({ reference, sha256 }) => ({
        reference: `${DATA_PREFIX}${reference}`.slice(0, 200),
        sha256: sha256 ?? set.sha256,
      })),
    ],
    trained_until_us: until_us,
    ...{
      seed: manifest.seed,
      command: made.command.slice(0, 500),
      node: made.node,
      producer: manifest.producer,
    },
    metrics: {
      ...manifest.metrics,
      calibrated_log_loss: metric(after.log_loss, before.log_loss),
      calibrated_brier: metric(after.brier, before.brier),
    },
    calibration: { method, parameters: [...parameters] },
  };
  const lines = [
    ...(synthetic && !made.card.startsWith('Trained on synthetic data')
      ? ['Trained on synthetic data: its calibration is of a made-up market.', '']
      : []),
    // A calibration before this one counts no more.
    (made.card.split(`\n${HEADING}`)[0] ?? '').trimEnd(),
    '',
    `${HEADING}${version}`,
    '',
    `- The graph is that of ${manifest.version}, byte for byte; its map was ${manifest.calibration.method}, and is ${method} from here on.`,
    `- Looked at: ${rows} rows of ${sessions} sessions up to ${newest}, all behind its training. The older half fitted the map, the newer half judged it.`,
    `- Log loss there ${figure(before.log_loss)} before and ${figure(after.log_loss)} after; Brier score ${figure(before.brier)} before and ${figure(after.brier)} after.`,
    `- The best of several maps on those sessions: what comes after may be worse.`,
    `- \`${facts.command}\``,
    '',
  ];
  return { facts, card: lines.join('\n') };
}
