import { faultOfColumns, known, type Measure, type Missing, missing } from '../measure.js';
import { momentsOf } from '../moments.js';
import { averageCorrelation, correlationMatrix } from './correlation.js';
import { clustersOf } from './clusters.js';

/** Series that are compared each with each. */
export const CLUSTERED_MAX = 500;
const DAYS_MIN = 10;

/** How many independent trials a set of variants comes to. Report it beside their plain number, not in its place. */
export interface EffectiveTrials {
  readonly variants: number;
  /** Places of the variants of each cluster; those that never traded form one. */
  readonly clusters: readonly (readonly number[])[];
  /** Daily Sharpe ratio of each cluster, its variants weighted by the inverse of their variance. Idle ones have none. */
  readonly sharpes: readonly number[];
  readonly averageCorrelation: number;
  /** Average correlation + (1 - average correlation) x variants (Bailey and López de Prado 2014, appendix A.3). */
  readonly implied: number;
}

/** `columns`: daily returns of each variant over the same days. */
export function effectiveTrials(columns: readonly (readonly number[])[]): Measure<EffectiveTrials> {
  const fault = faultOfColumns(columns, 1, DAYS_MIN);
  if (fault !== null) return fault;
  if (columns.length > CLUSTERED_MAX) return missing('too_many');
  const moments = columns.map((column) => momentsOf(column));
  const idle = columns.flatMap((column, k) => (column.every((value) => value === 0) ? [k] : []));
  const active = [...columns.keys()].filter((k) => !idle.includes(k));
  const constant = active.map((k) => moments[k]!).find((one): one is Missing => one.missing !== null);
  if (constant !== undefined) return missing(constant.missing);
  const matrix = correlationMatrix(active.map((k) => columns[k]!));
  const days = columns[0]!.length;
  const clusters = clustersOf(matrix, days).map((cluster) => cluster.map((place) => active[place]!));
  const sharpes: number[] = [];
  for (const cluster of clusters) {
    const sharpe = clusterSharpe(cluster.map((k) => columns[k]!));
    if (sharpe.missing !== null) return sharpe;
    sharpes.push(sharpe.value);
  }
  const average = Math.max(0, averageCorrelation(matrix));
  return known({
    variants: columns.length,
    clusters: idle.length === 0 ? clusters : [...clusters, idle],
    sharpes,
    averageCorrelation: average,
    implied: Math.max(1, average + (1 - average) * (active.length + (idle.length > 0 ? 1 : 0))),
  });
}

function clusterSharpe(members: readonly (readonly number[])[]): Measure {
  const weights = members.map((column) => {
    const deviation = momentsOf(column).value?.deviation ?? NaN;
    return 1 / (deviation * deviation);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const series = members[0]!.map((_, day) =>
    members.reduce((sum, column, k) => sum + (weights[k]! / total) * column[day]!, 0),
  );
  const moments = momentsOf(series);
  return moments.missing === null ? known(moments.value.mean / moments.value.deviation) : moments;
}
