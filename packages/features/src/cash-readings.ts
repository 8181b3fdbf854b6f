import type { CashReadings, PriceRange } from '@bellwether/contracts';
import { vwapRunOf, type CashRun } from './cash-run.js';
import { fiveMinuteReadingsOf } from './five-minute-trend.js';
import { box60Of, er60Of, extremesOf, moveOf, previousOf } from './recent-bars.js';
import { BALANCE_US, OPENING_US, type SessionLevels } from './session-levels.js';
import type { SessionMemory, SymbolHistory } from './symbol-state.js';

const MOVE_BARS = 30;
const RETURNS = 5;

/** What strategies read in the cash session besides the indicators; null outside of it. */
export function cashReadingsOf(history: SymbolHistory, memory: SessionMemory): CashReadings | null {
  const { last, run, cash } = history;
  if (cash === null) return null;
  const { levels } = memory;
  const { recent } = run;
  const extremes = extremesOf(recent, RETURNS);
  const previous = previousOf(recent);
  return {
    adr_ticks: levels.average_range,
    volume_so_far_log2: volumeSoFar(history, memory),
    usual_return: run.usual_return,
    return5: recent.count <= RETURNS ? null : run.returns.sum5,
    high5_ticks: extremes === null ? null : extremes.high,
    low5_ticks: extremes === null ? null : extremes.low,
    high_prev_ticks: previous === null ? null : previous.high,
    low_prev_ticks: previous === null ? null : previous.low,
    move30_ticks: moveOf(recent, MOVE_BARS),
    er60: er60Of(recent),
    box60: box60Of(recent),
    m5: fiveMinuteReadingsOf(run.m5.trend),
    pullback: run.m5.trend.pullback,
    session: sessionRangeOf(levels, last.close_ticks),
    prior_high_ticks: levels.prior === null ? null : levels.prior.high_ticks,
    prior_low_ticks: levels.prior === null ? null : levels.prior.low_ticks,
    prior_close_ticks: levels.prior === null ? null : levels.prior.close_ticks,
    opening: completed(levels, cash, last.close_us, OPENING_US),
    balance: completed(levels, cash, last.close_us, BALANCE_US),
    balance_width_median_ticks: levels.balance_median,
    vwap_run: vwapRunOf(cash),
    sweep_high: cash.sweep_high,
    sweep_low: cash.sweep_low,
  };
}

/** log2 of the volume since 08:30 over its usual at this time; null without volumes, or where usually nothing trades. */
function volumeSoFar({ vwap }: SymbolHistory, { profiles }: SessionMemory): number | null {
  const usual = profiles.now.session_volume;
  if (vwap.state === null || usual === null || usual <= 0 || vwap.state.volume <= 0) return null;
  return Math.log2(vwap.state.volume / usual);
}

/** The cash session so far, or null where its beginning or a bar since then is missing. */
function sessionRangeOf({ part }: SessionLevels, close_ticks: number): PriceRange | null {
  if (part === null || !part.whole || part.open_ticks === null) return null;
  const { open_ticks, high_ticks, low_ticks } = part;
  return { open_ticks, high_ticks, low_ticks, close_ticks };
}

/** A range of the first minutes, once they are over; null where the session has a hole. */
function completed(
  { part, cash }: SessionLevels,
  { rth_open_us }: CashRun,
  close_us: number,
  length_us: number,
): PriceRange | null {
  if (part === null || !part.whole || cash === null || close_us < rth_open_us + length_us) return null;
  return length_us === OPENING_US ? cash.opening : cash.balance;
}
