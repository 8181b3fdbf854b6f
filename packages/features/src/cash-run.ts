import type { Sweep, VwapRun } from '@bellwether/contracts';
import { vwapOf } from '@bellwether/indicators';
import type { TradeSession } from '@bellwether/market';
import type { AnchoredVwap } from './anchored-vwap.js';
import type { PriorSession } from './session-levels.js';
import type { AcceptedBar } from './symbol-state.js';

/** Closes that say on which side of VWAP the market is, and bars that make a pullback to it (domain.md 6.1, S8). */
const SIDE_BARS = 30;
const PULLBACK_BARS = 5;

/** One bar against VWAP, in its standard deviations at the time. */
interface VwapMark {
  readonly high_z: number;
  readonly low_z: number;
  readonly close_z: number;
}

/** What is followed from bar to bar of one cash session without a hole; it begins anew at each 08:30. */
export interface CashRun {
  readonly rth_open_us: number;
  /** The last bars, oldest first; empty while VWAP is not known. */
  readonly marks: readonly VwapMark[];
  readonly sweep_high: Sweep | null;
  readonly sweep_low: Sweep | null;
}

/** The run with this bar in it; null outside of the cash session. `before` is null where a hole lies before the bar. */
export function updateCashRun(
  before: CashRun | null,
  session: TradeSession,
  bar: AcceptedBar,
  vwap: AnchoredVwap,
  prior: PriorSession | null,
): CashRun | null {
  const { rth_open_us, rth_close_us } = session;
  if (bar.open_us < rth_open_us || bar.open_us >= rth_close_us) return null;
  const run = before?.rth_open_us === rth_open_us ? before : null;
  return {
    rth_open_us,
    marks: withMark(run === null ? [] : run.marks, bar, vwap),
    sweep_high:
      prior === null ? null : sweptAbove(run === null ? null : run.sweep_high, bar, prior.high_ticks),
    sweep_low: prior === null ? null : sweptBelow(run === null ? null : run.sweep_low, bar, prior.low_ticks),
  };
}

function withMark(
  marks: readonly VwapMark[],
  bar: AcceptedBar,
  { state }: AnchoredVwap,
): readonly VwapMark[] {
  const vwap = state === null ? null : vwapOf(state);
  if (vwap === null) return [];
  const { vwap_ticks, sd_ticks, z } = vwap;
  const mark: VwapMark = {
    high_z: (bar.high_ticks - vwap_ticks) / sd_ticks,
    low_z: (bar.low_ticks - vwap_ticks) / sd_ticks,
    close_z: z,
  };
  const next = marks.length < SIDE_BARS ? marks.slice() : marks.slice(1);
  next.push(mark);
  return next;
}

/** The excursion above a level: begun, gone on, or over with a bar that closes at or below it. */
function sweptAbove(before: Sweep | null, bar: AcceptedBar, level_ticks: number): Sweep | null {
  const running = before?.ended_us === null ? before : null;
  if (running === null && bar.high_ticks <= level_ticks) return null;
  return {
    extreme_ticks: Math.max(running === null ? bar.high_ticks : running.extreme_ticks, bar.high_ticks),
    began_us: running === null ? bar.open_us : running.began_us,
    ended_us: bar.close_ticks <= level_ticks ? bar.close_us : null,
  };
}

function sweptBelow(before: Sweep | null, bar: AcceptedBar, level_ticks: number): Sweep | null {
  const running = before?.ended_us === null ? before : null;
  if (running === null && bar.low_ticks >= level_ticks) return null;
  return {
    extreme_ticks: Math.min(running === null ? bar.low_ticks : running.extreme_ticks, bar.low_ticks),
    began_us: running === null ? bar.open_us : running.began_us,
    ended_us: bar.close_ticks >= level_ticks ? bar.close_us : null,
  };
}

/** Where the last 30 closes and the last five bars lie, or null while there are fewer. */
export function vwapRunOf({ marks }: CashRun): VwapRun | null {
  if (marks.length < SIDE_BARS) return null;
  let above30 = 0;
  let below30 = 0;
  let high5_z = -Infinity;
  let low5_z = Infinity;
  let close5_max_z = -Infinity;
  let close5_min_z = Infinity;
  for (let i = 0; i < SIDE_BARS; i++) {
    const { high_z, low_z, close_z } = marks[i]!;
    if (close_z > 0) above30 += 1;
    if (close_z < 0) below30 += 1;
    if (i < SIDE_BARS - PULLBACK_BARS) continue;
    high5_z = Math.max(high5_z, high_z);
    low5_z = Math.min(low5_z, low_z);
    close5_max_z = Math.max(close5_max_z, close_z);
    close5_min_z = Math.min(close5_min_z, close_z);
  }
  return { above30, below30, high5_z, low5_z, close5_max_z, close5_min_z };
}
