import { bootstrapInterval, type Interval, type Measure } from '@bellwether/statistics';
import { tailOf } from '../cvar/tail.js';

const RESAMPLES = 500;

/**
 * Interval of the CVaR of losses by drawing whole episodes again, each alone: they are independent of one another. Missing
 * with its reason where there are too few.
 */
export function tailInterval(
  returns: readonly number[],
  confidence: number,
  { seed, level = 0.9 }: { readonly seed: string; readonly level?: number },
): Measure<Interval> {
  return bootstrapInterval(returns, (drawn) => tailOf(drawn, confidence).cvar, {
    ...{ seed, level, meanBlock: 1, resamples: RESAMPLES },
  });
}
