import { faultOf, finite, known, missing, type Measure } from './measure.js';
import { meanOf, momentsOf } from './moments.js';

/**
 * What a series of daily returns came to. A return is a net result of one trade date in any one unit: a share of the
 * start balance, US dollars, or R. Days without a trade belong to it, as 0.
 */

/** Mean over standard deviation, per day. Sharpe 1994, with no rate of interest taken off: futures tie up no capital. */
export function sharpeRatio(returns: readonly number[]): Measure {
  const moments = momentsOf(returns);
  return moments.missing === null ? known(moments.value.mean / moments.value.deviation) : moments;
}

/** A ratio per day as one per year: times the root of the days a year, which takes the days as independent. */
export function annualised(ratio: number, daysPerYear: number): number {
  return ratio * Math.sqrt(daysPerYear);
}

/**
 * Mean above the target over the downside deviation, per day. The deviation is the root of the mean square of what falls
 * short of the target, over all days (Sortino and van der Meer 1991).
 */
export function sortinoRatio(returns: readonly number[], target = 0): Measure {
  const fault = faultOf(returns, 2);
  if (fault !== null) return fault;
  let squares = 0;
  for (const value of returns) {
    const short = Math.min(0, value - target);
    squares += short * short;
  }
  if (squares === 0) return missing('no_downside');
  return finite((meanOf(returns) - target) / Math.sqrt(squares / returns.length));
}

/** The worst 5 % of days. */
export const TAIL_SHARE = 0.05;

/**
 * Mean of the worst `share` of the days, as a return: a loss is negative (Rockafellar and Uryasev 2000). The day at the edge
 * counts with the part of it that belongs to the tail. Fewer days than would put one whole day there: `too_few`.
 */
export function conditionalValueAtRisk(returns: readonly number[], share = TAIL_SHARE): Measure {
  const fault = faultOf(returns, Math.ceil(1 / share - 1e-9));
  if (fault !== null) return fault;
  return finite(tailMean(Float64Array.from(returns).sort(), share));
}

/** The mean of the lowest `share` of sorted values. */
export function tailMean(sorted: Float64Array, share: number): number {
  const size = share * sorted.length;
  // 0.05 times 60 is a hair above 3 in doubles.
  const whole = Math.floor(size + 1e-9);
  let sum = 0;
  for (let i = 0; i < whole; i++) sum += sorted[i]!;
  const rest = Math.max(0, size - whole);
  if (rest > 0) sum += rest * (sorted[whole] ?? 0);
  return sum / size;
}

/**
 * Largest fall of the running sum below its highest value so far, the start included; 0 or more, in the unit of the
 * returns. This is the drawdown of fixed contracts, whose profits are not put to work.
 */
export function maximumDrawdown(returns: readonly number[]): Measure {
  return faultOf(returns, 1) ?? finite(drawdownOf(returns));
}

export function drawdownOf(returns: readonly number[] | Float64Array): number {
  let sum = 0;
  let peak = 0;
  let worst = 0;
  for (const value of returns) {
    sum += value;
    if (sum > peak) peak = sum;
    else if (peak - sum > worst) worst = peak - sum;
  }
  return worst;
}

/** Largest fall below the peak as a share of the peak, 0 to 1, for returns that are shares of the present capital. */
export function compoundedDrawdown(returns: readonly number[]): Measure {
  const fault = faultOf(returns, 1);
  if (fault !== null) return fault;
  let wealth = 1;
  let peak = 1;
  let worst = 0;
  for (const value of returns) {
    if (value < -1) return missing('out_of_range');
    wealth *= 1 + value;
    peak = Math.max(peak, wealth);
    worst = Math.max(worst, 1 - wealth / peak);
  }
  return finite(worst);
}
