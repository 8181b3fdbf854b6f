import { ReasonCode } from '@bellwether/contracts';
import type { FeatureContext } from './feature-context.js';
import { clip, logRatio, ratio } from './scaling.js';
import type { SessionLevels } from './session-levels.js';
import type { AcceptedBar } from './symbol-state.js';
import { AT, put, type VectorDraft } from './vector-draft.js';

/** Sum of n returns over twice its usual size; null while the usual size is not known. */
function returnFeature(sum: number, n: number, usual_return: number | null): number | null {
  return usual_return === null ? null : Math.tanh(sum / (2 * usual_return * Math.sqrt(n)));
}

/** tanh(2 ln(price / reference) / D), where D is the usual daily range over the close. */
function distanceFeature(price: number, reference: number, close: number, average_range: number): number {
  return Math.tanh(ratio(2 * Math.log(price / reference) * close, average_range));
}

function sinceOpen({ part, average_range }: SessionLevels, close: number): number | null {
  if (part === null || part.open_ticks === null || average_range === null) return null;
  return distanceFeature(close, part.open_ticks, close, average_range);
}

/** From the last cash close to the cash open; before 08:30 to the current close. */
function gap({ part, prior, average_range }: SessionLevels, close: number, inCash: boolean): number | null {
  const to = inCash ? (part === null ? null : part.open_ticks) : close;
  if (to === null || prior === null || average_range === null) return null;
  return distanceFeature(to, prior.close_ticks, close, average_range);
}

/** Where a price lies between two levels: -1 at the low, 1 at the high, more beyond; 0 where the two are one. */
function position(price: number, low: number, high: number): number {
  return ratio(2 * price - high - low, high - low);
}

function wick(bar: AcceptedBar): number {
  const upper = bar.high_ticks - Math.max(bar.open_ticks, bar.close_ticks);
  const lower = Math.min(bar.open_ticks, bar.close_ticks) - bar.low_ticks;
  return ratio(upper - lower, bar.high_ticks - bar.low_ticks);
}

/** clip(log2(x / usual), k), or why not: too few sessions, or nothing is usual. */
export function putAgainstUsual(
  draft: VectorDraft,
  at: number,
  x: number | null,
  usual: number | null,
  k: number,
): void {
  if (x === null || usual === null) {
    put(draft, at, null, ReasonCode.WARM_UP);
    return;
  }
  const log = logRatio(x, usual);
  put(draft, at, log === null ? null : clip(log, k), ReasonCode.UNDEFINED);
}

/** P1 to P12. */
export function putPriceFeatures(draft: VectorDraft, { history, memory, session }: FeatureContext): void {
  const { last, run } = history;
  const { levels, profiles } = memory;
  const { part, prior } = levels;
  const close = last.close_ticks;
  const range = last.high_ticks - last.low_ticks;
  const inCash = last.open_us >= session.rth_open_us;
  const { newest, sum5, sum15, sum60 } = run.returns;
  put(draft, AT.P1, returnFeature(newest, 1, run.usual_return), ReasonCode.WARM_UP);
  put(draft, AT.P2, returnFeature(sum5, 5, run.usual_return), ReasonCode.WARM_UP);
  put(draft, AT.P3, returnFeature(sum15, 15, run.usual_return), ReasonCode.WARM_UP);
  put(draft, AT.P4, returnFeature(sum60, 60, run.usual_return), ReasonCode.WARM_UP);
  put(draft, AT.P5, sinceOpen(levels, close), ReasonCode.WARM_UP);
  put(draft, AT.P6, gap(levels, close, inCash), ReasonCode.WARM_UP);
  put(
    draft,
    AT.P7,
    part === null || !part.whole ? null : position(close, part.low_ticks, part.high_ticks),
    ReasonCode.WARM_UP,
  );
  put(
    draft,
    AT.P8,
    prior === null ? null : clip(position(close, prior.low_ticks, prior.high_ticks), 3),
    ReasonCode.WARM_UP,
  );
  put(draft, AT.P9, ratio(close - last.open_ticks, range), ReasonCode.OK);
  put(draft, AT.P10, wick(last), ReasonCode.OK);
  putAgainstUsual(draft, AT.P11, Math.max(range, 0.5), profiles.now.range_ticks, 3);
  putAgainstUsual(draft, AT.P12, run.volatility15, profiles.now.volatility15, 3);
}
