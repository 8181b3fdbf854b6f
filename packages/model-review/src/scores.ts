import { classBrierScore, classLogLoss, sortedQuantile } from '@bellwether/statistics';
import { calibrationOf, type MeasuredCalibration } from './gates.js';
import type { ModelRecord, ReviewRow } from './records.js';

/** Mean losses of one predictor; null where there is no row, or a certainty was wrong. */
export interface MeanLosses {
  readonly logLoss: number | null;
  readonly brier: number | null;
}

/** A record in a few numbers. */
export interface RecordScores {
  readonly rows: number;
  readonly sessions: number;
  readonly said: MeanLosses;
  /** Of what decided, over the rows where something did. */
  readonly decided: MeanLosses;
  readonly base: MeanLosses;
  readonly calibration: MeasuredCalibration | null;
  readonly latencyP99Ms: number | null;
  /** By session, the oldest first: log loss of what decided (or of the base rate, where nothing did) less that of the model. */
  readonly gains: readonly { readonly session: number; readonly gain: number }[];
}

const DRAWS = { level: 0.95, draws: 200 } as const;

function lossesOf(rows: readonly ReviewRow[], by: 'said' | 'decided' | 'base'): MeanLosses {
  const known = rows.flatMap((row) => {
    const said = row[by];
    return said === null ? [] : [{ said, outcome: row.outcome }];
  });
  const forecasts = {
    probabilities: known.map(({ said }) => said),
    outcomes: known.map(({ outcome }) => outcome),
  };
  const [logLoss, brier] = [classLogLoss(forecasts), classBrierScore(forecasts)];
  const halved = known[0]?.said.length === 2 ? 2 : 1;
  return {
    logLoss: logLoss.missing === null ? logLoss.value : null,
    brier: brier.missing === null ? brier.value / halved : null,
  };
}

export function scoresOf({ rows, latencies, model }: ModelRecord): RecordScores {
  const sessions = [...new Set(rows.map(({ session }) => session))];
  return {
    ...{ rows: rows.length, sessions: sessions.length },
    ...{ said: lossesOf(rows, 'said'), decided: lossesOf(rows, 'decided'), base: lossesOf(rows, 'base') },
    calibration: calibrationOf(rows, `scores ${model.sha256}`, DRAWS),
    latencyP99Ms: latencies.length === 0 ? null : sortedQuantile(Float64Array.from(latencies).sort(), 0.99),
    gains: sessions.flatMap((session) => {
      const own = rows.filter((row) => row.session === session);
      const beside = own.filter(({ decided }) => decided !== null);
      const [compared, by] = beside.length === 0 ? [own, 'base' as const] : [beside, 'decided' as const];
      const [other, said] = [lossesOf(compared, by).logLoss, lossesOf(compared, 'said').logLoss];
      return other === null || said === null ? [] : [{ session, gain: other - said }];
    }),
  };
}
