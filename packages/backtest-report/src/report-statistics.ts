import {
  RESAMPLES_DEFAULT,
  deflatedSharpeOf,
  minimumTrackRecord,
  performanceOf,
  probabilisticSharpe,
  sharpeSample,
} from '@bellwether/statistics';
import { estimateOf, figureOf } from './figures.js';
import type { Figure, ReportStatistics } from './report-model.js';

/** Trade dates that a year is counted as. */
export const DAYS_PER_YEAR = 252;
/** Level of every interval in the report. */
export const REPORT_LEVEL = 0.9;

export interface StatisticsInput {
  /** Net result of every trade date in cents, 0 on days without a trade. */
  readonly days: readonly number[];
  readonly seed: string;
  readonly resamples?: number;
  /** Every variant ever run, this one included, and the daily Sharpe ratios of those whose results are at hand. */
  readonly trials: {
    readonly count: number;
    readonly sharpes: readonly number[];
    readonly effective: Figure;
    readonly scope: string;
  };
  readonly pbo: Figure;
  readonly reality_check_p: Figure;
}

/** The statistics of a report. The same days and seed give the same numbers. */
export function reportStatistics(input: StatisticsInput): ReportStatistics {
  const { days, seed, trials, pbo, reality_check_p, resamples = RESAMPLES_DEFAULT } = input;
  const performance = performanceOf(days, { seed, resamples, level: REPORT_LEVEL });
  const sample = sharpeSample(days);
  const deflated = deflatedSharpeOf(days, trials.sharpes, trials.count);
  return {
    days: days.length,
    level: REPORT_LEVEL,
    resamples,
    seed,
    days_per_year: DAYS_PER_YEAR,
    mean_cents: estimateOf(performance.mean),
    sharpe: estimateOf(performance.sharpe),
    sortino: estimateOf(performance.sortino),
    cvar_cents: estimateOf(performance.cvar),
    drawdown_cents: estimateOf(performance.drawdown),
    psr: figureOf(sample.missing === null ? probabilisticSharpe(sample.value) : sample),
    dsr: deflated.missing === null ? { value: deflated.value.probability } : { missing: deflated.missing },
    dsr_benchmark:
      deflated.missing === null ? { value: deflated.value.benchmark } : { missing: deflated.missing },
    trials: { count: trials.count, effective: trials.effective, scope: trials.scope },
    minimum_track_record: figureOf(sample.missing === null ? minimumTrackRecord(sample.value, 0) : sample),
    pbo,
    reality_check_p,
  };
}
