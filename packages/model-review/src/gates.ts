import { calibrationError, calibrationErrorFloor, sortedQuantile } from '@bellwether/statistics';
import { SESSIONS_MIN, compareScores, type Gain } from '@bellwether/training';
import type { ReviewRow } from './records.js';
import { isReviewed, type ReviewedModel } from './shadow-line.js';

/** What a model must reach before it may decide. */
export interface GateBounds {
  readonly rowsMin: number;
  readonly sessionsMin: number;
  /** Of one question, at the 99th percentile. */
  readonly latencyP99Ms: number;
  /** Share of questions that were refused or failed. */
  readonly refusalShare: number;
}

/** Level of the paired intervals. */
export const GATE_LEVEL = 0.9;
const MEASURED_MIN = 100;
/** Three models are asked one after another, and a decision may take 120 ms (architecture.md section 10). */
const LATENCY_P99_MS = 40;

export const GATE_BOUNDS: Readonly<Record<ReviewedModel, GateBounds>> = {
  regime_classifier: {
    rowsMin: 1_000,
    sessionsMin: SESSIONS_MIN,
    latencyP99Ms: LATENCY_P99_MS,
    refusalShare: 0.01,
  },
  rl_model: { rowsMin: 1_000, sessionsMin: SESSIONS_MIN, latencyP99Ms: LATENCY_P99_MS, refusalShare: 0.01 },
  // A row is a trade that was entered.
  confidence_prediction: {
    rowsMin: 100,
    sessionsMin: SESSIONS_MIN,
    latencyP99Ms: LATENCY_P99_MS,
    refusalShare: 0.01,
  },
};

export const GATE_NAMES = [
  'origin',
  'rows',
  'sessions',
  'log_loss_against_champion',
  'brier_against_champion',
  'log_loss_against_base_rate',
  'brier_against_base_rate',
  'calibration_error',
  'latency_p99_ms',
  'refusal_share',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

/** `not_asked`: there is nothing to compare with, such as a champion in a place that has none. */
export type GateVerdict = 'pass' | 'fail' | 'too_few' | 'not_asked';

export interface Gate {
  readonly name: GateName;
  /** What was measured; null where it could not be. */
  readonly value: number | null;
  /** Paired interval, where there is one. */
  readonly low: number | null;
  readonly high: number | null;
  /** What it is held against. */
  readonly bound: number | null;
  readonly verdict: GateVerdict;
}

/** What is known of a model that wants a place. */
export interface ReviewInput {
  readonly model: string;
  /** Held out: of after the newest label that it was trained on. */
  readonly rows: readonly ReviewRow[];
  /** Whether a champion stands in the place. */
  readonly champion: boolean;
  readonly trained_on_synthetic: boolean;
  readonly synthetic_data: boolean;
  readonly answered: number;
  /** Refused and failed. */
  readonly refused: number;
  readonly latencies: readonly number[];
}

export interface Verdict {
  readonly passed: boolean;
  /** In the order of {@link GATE_NAMES}; empty for a model that nothing is known to compare with. */
  readonly gates: readonly Gate[];
}

const plain = (name: GateName, value: number | null, bound: number | null, verdict: GateVerdict): Gate => ({
  ...{ name, value, low: null, high: null, bound, verdict },
});

/**
 * Whether a challenger may decide: every gate with its number and bound. It may only where each gate passes, or where there is
 * nothing to ask it: a doubt is a no.
 */
export function reviewed(input: ReviewInput, seed: string): Verdict {
  const { model, rows } = input;
  if (!isReviewed(model)) return { passed: false, gates: [] };
  const bounds = GATE_BOUNDS[model];
  const sessions = new Set(rows.map(({ session }) => session)).size;
  const enough = rows.length >= bounds.rowsMin && sessions >= bounds.sessionsMin;
  const foreign = input.trained_on_synthetic && !input.synthetic_data;
  const gates = [
    plain('origin', foreign ? 1 : 0, 0, foreign ? 'fail' : 'pass'),
    plain('rows', rows.length, bounds.rowsMin, rows.length >= bounds.rowsMin ? 'pass' : 'too_few'),
    plain('sessions', sessions, bounds.sessionsMin, sessions >= bounds.sessionsMin ? 'pass' : 'too_few'),
    ...againstChampion(input, enough, bounds, seed),
    ...gainGates(enough ? gainOver(rows, 'base', seed) : null, 'base_rate'),
    calibrationGate(rows, enough, seed),
    latencyGate(input.latencies, bounds),
    refusalGate(input, bounds),
  ];
  const passed = gates.every(({ verdict }) => verdict === 'pass' || verdict === 'not_asked');
  return { passed, gates };
}

function againstChampion(
  { rows, champion }: ReviewInput,
  enough: boolean,
  bounds: GateBounds,
  seed: string,
): readonly Gate[] {
  if (!champion) {
    return (['log_loss_against_champion', 'brier_against_champion'] as const).map((name) =>
      plain(name, null, null, 'not_asked'),
    );
  }
  const both = rows.filter(({ decided }) => decided !== null);
  const sessions = new Set(both.map(({ session }) => session)).size;
  const there = enough && both.length >= bounds.rowsMin && sessions >= bounds.sessionsMin;
  return gainGates(there ? gainOver(both, 'decided', seed) : null, 'champion');
}

/** What another predictor loses against the model on the same rows: above zero where the model is better. */
function gainOver(rows: readonly ReviewRow[], other: 'base' | 'decided', seed: string): Gain | null {
  const tested = rows.map(({ session, outcome, base }) => ({ session, outcome, prior: base }));
  const said = new Map([
    ['model', rows.map((row) => row.said)],
    [other, rows.map((row) => row[other] ?? row.base)],
  ]);
  return compareScores(tested, said, 'model', { seed, level: GATE_LEVEL }).gains.get(other) ?? null;
}

function gainGates(gain: Gain | null, other: 'champion' | 'base_rate'): readonly Gate[] {
  return (['log_loss', 'brier'] as const).map((measure): Gate => {
    const name = `${measure}_against_${other}` as const;
    if (gain === null) return plain(name, null, 0, 'too_few');
    const { value, low, high } = gain[measure];
    const verdict = low === null ? 'too_few' : low > 0 ? 'pass' : 'fail';
    return { name, value, low, high, bound: 0, verdict };
  });
}

/** Rows whose time does not overlap: what comes of neighbouring bars is nearly the same, and would count many times. */
export function apart(rows: readonly ReviewRow[]): readonly ReviewRow[] {
  const kept: ReviewRow[] = [];
  let until_us = Number.NEGATIVE_INFINITY;
  for (const row of [...rows].sort((a, b) => a.start_us - b.start_us)) {
    if (row.start_us < until_us) continue;
    kept.push(row);
    until_us = row.end_us;
  }
  return kept;
}

export interface MeasuredCalibration {
  readonly error: number;
  /** What a model whose probabilities are the truth stays below, at the level asked for. */
  readonly band: number;
  readonly rows: number;
}

/** Calibration of the class that was named most probable, beside that of a perfect model; null without a row. */
export function calibrationOf(
  rows: readonly ReviewRow[],
  seed: string,
  options: { readonly level: number; readonly draws: number },
): MeasuredCalibration | null {
  const own = apart(rows);
  const top = own.map(({ said }) => (said.length === 2 ? 1 : said.indexOf(Math.max(...said))));
  const probabilities = own.map(({ said }, i) => Math.min(1, Math.max(0, said[top[i]!]!)));
  const outcomes = own.map(({ outcome }, i) => (outcome === top[i] ? 1 : 0));
  const error = calibrationError({ probabilities, outcomes });
  const floor = calibrationErrorFloor(probabilities, seed, options);
  if (error.missing !== null || floor.missing !== null) return null;
  return { error: error.value.expected, band: floor.value.high, rows: own.length };
}

function calibrationGate(rows: readonly ReviewRow[], enough: boolean, seed: string): Gate {
  const found = enough ? calibrationOf(rows, seed, { level: 0.95, draws: 400 }) : null;
  if (found === null) return plain('calibration_error', null, null, 'too_few');
  const { error, band } = found;
  return plain('calibration_error', error, band, error <= band ? 'pass' : 'fail');
}

function latencyGate(latencies: readonly number[], { latencyP99Ms }: GateBounds): Gate {
  if (latencies.length < MEASURED_MIN) return plain('latency_p99_ms', null, latencyP99Ms, 'too_few');
  const p99 = sortedQuantile(Float64Array.from(latencies).sort(), 0.99);
  return plain('latency_p99_ms', p99, latencyP99Ms, p99 <= latencyP99Ms ? 'pass' : 'fail');
}

function refusalGate({ answered, refused }: ReviewInput, { refusalShare }: GateBounds): Gate {
  const asked = answered + refused;
  if (asked < MEASURED_MIN) return plain('refusal_share', null, refusalShare, 'too_few');
  const share = refused / asked;
  return plain('refusal_share', share, refusalShare, share <= refusalShare ? 'pass' : 'fail');
}
