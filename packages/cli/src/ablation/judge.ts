import { holm, pairedDifference } from '@bellwether/statistics';
import type { SweepResult } from '../backtest/sweep-task.js';
import type { Comparison } from './variants.js';

/** What a comparison came to. Money a day in cents, first minus second. */
export interface JudgedComparison extends Comparison {
  readonly days: number;
  readonly trades: readonly [first: number, second: number];
  readonly net_cents: readonly [first: number, second: number];
  readonly mean_cents: number | null;
  readonly low_cents: number | null;
  readonly high_cents: number | null;
  /** Chance of so large a difference if there were none; and so large a one among all comparisons of the table (Holm). */
  readonly p: number | null;
  readonly p_adjusted: number | null;
  /** `same`: every decision that made money is the same. `unclear`: not told apart from no difference. `idle`: a gain of the
   * first that made no trade, which is no more than what the trades of the second lost. */
  readonly verdict: 'gain' | 'loss' | 'unclear' | 'same' | 'too_few' | 'idle';
}

export const LEVEL = 0.95;
const SEED = 'ablation';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Both series on the trade dates of either; a date without a result is 0. */
function aligned(a: SweepResult, b: SweepResult): readonly [readonly number[], readonly number[]] {
  const dates = [...new Set([...a.trade_dates, ...b.trade_dates])].sort((x, y) => x - y);
  const of = ({ trade_dates, net_cents }: SweepResult): readonly number[] => {
    const nets = new Map(trade_dates.map((date, i) => [date, net_cents[i] ?? 0]));
    return dates.map((date) => nets.get(date) ?? 0);
  };
  return [of(a), of(b)];
}

/**
 * Paired daily differences with intervals of the stationary bootstrap, and p-values adjusted for all comparisons of the table. A comparison
 * whose difference cannot be measured takes no part in the adjustment.
 */
export function judgeAblation(
  comparisons: readonly Comparison[],
  results: ReadonlyMap<string, SweepResult>,
): readonly JudgedComparison[] {
  const made = comparisons.flatMap((comparison) => {
    const [a, b] = [results.get(comparison.first), results.get(comparison.second)];
    if (a === undefined || b === undefined) return [];
    const [first, second] = aligned(a, b);
    const paired = pairedDifference(first, second, { seed: SEED, level: LEVEL });
    const same = first.every((value, i) => value === second[i]);
    return [
      { comparison, a, b, days: first.length, same, paired: paired.missing === null ? paired.value : null },
    ];
  });
  const measured = made.filter(({ paired }) => paired !== null);
  const adjusted = holm(measured.map(({ paired }) => paired?.p ?? 1));
  return made.map(({ comparison, a, b, days, same, paired }, i) => {
    const interval = paired?.mean.interval.value ?? null;
    const place = measured.indexOf(made[i]!);
    const p_adjusted = place < 0 ? null : (adjusted.value?.[place] ?? null);
    const mean = paired?.mean.point.value ?? null;
    const isTold = p_adjusted !== null && p_adjusted <= 1 - LEVEL && mean !== null;
    const told = mean === null || mean <= 0 ? 'loss' : a.trades === 0 ? 'idle' : 'gain';
    return {
      ...comparison,
      days,
      trades: [a.trades, b.trades],
      net_cents: [sum(a.net_cents), sum(b.net_cents)],
      mean_cents: same ? 0 : mean,
      low_cents: interval?.low ?? null,
      high_cents: interval?.high ?? null,
      p: paired?.p ?? null,
      p_adjusted,
      verdict: same ? 'same' : paired === null ? 'too_few' : isTold ? told : 'unclear',
    };
  });
}
