import type { Bar } from '@bellwether/contracts';
import { marketClock } from '@bellwether/market';

/** Bars of the two plain averages of closes. */
export const FAST_BARS = 10;
export const SLOW_BARS = 50;

/** In the calendar: may a position begin at the close of a bar, must it end, or neither. */
export type Window = 'enter' | 'hold' | 'leave';

const LAST_ENTRY_MINUTE = 1_200;
const LEAVE_MINUTE = 1_260;
const ENTRY_BEFORE_CLOSE_MINUTES = 180;
const LEAVE_BEFORE_CLOSE_MINUTES = 120;

/** Inside of the line's own hours on every day, so that no rule of the account acts on the strategy. */
export function windowAt(close_us: number): Window {
  const { in_session, session_minute, close_minute } = marketClock(close_us);
  const left = close_minute - session_minute;
  if (!in_session || session_minute >= LEAVE_MINUTE || left <= LEAVE_BEFORE_CLOSE_MINUTES) return 'leave';
  return session_minute < LAST_ENTRY_MINUTE && left > ENTRY_BEFORE_CLOSE_MINUTES ? 'enter' : 'hold';
}

/** Means of the last closes, now and one bar before; null before there are enough. */
export interface Averages {
  readonly fast: number;
  readonly slow: number;
  readonly fast_before: number;
  readonly slow_before: number;
}

export function crossedUp({ fast, slow, fast_before, slow_before }: Averages): boolean {
  return fast > slow && fast_before <= slow_before;
}

export function crossedDown({ fast, slow, fast_before, slow_before }: Averages): boolean {
  return fast < slow && fast_before >= slow_before;
}

/** A trade of one contract, long; prices in ticks. */
export interface CrossTrade {
  readonly entry_us: number;
  readonly entry_ticks: number;
  readonly exit_us: number;
  readonly exit_ticks: number;
}

/**
 * The plain loop that every other result is held against: decides at a close, trades at the next open. `rests`: it decides
 * nothing at the close of a bar that it has traded in, as grademark does.
 */
export function referenceTrades(bars: readonly Bar[], rests = false): readonly CrossTrade[] {
  const trades: CrossTrade[] = [];
  let open: Bar | null = null;
  let wanted: 'in' | 'out' | null = null;
  let fast = 0;
  let slow = 0;
  let fast_before = 0;
  let slow_before = 0;
  bars.forEach((bar, i) => {
    if (wanted === 'in') open = bar;
    if (wanted === 'out' && open !== null) {
      trades.push({
        entry_us: open.open_us,
        entry_ticks: open.open_ticks,
        exit_us: bar.open_us,
        exit_ticks: bar.open_ticks,
      });
      open = null;
    }
    const traded = wanted !== null;
    wanted = null;
    fast += bar.close_ticks - (i < FAST_BARS ? 0 : bars[i - FAST_BARS]!.close_ticks);
    slow += bar.close_ticks - (i < SLOW_BARS ? 0 : bars[i - SLOW_BARS]!.close_ticks);
    const now = { fast: fast / FAST_BARS, slow: slow / SLOW_BARS, fast_before, slow_before };
    fast_before = now.fast;
    slow_before = now.slow;
    if (i < SLOW_BARS || (rests && traded)) return;
    const window = windowAt(bar.open_us + bar.interval_us);
    if (open !== null) wanted = crossedDown(now) || window === 'leave' ? 'out' : null;
    else wanted = crossedUp(now) && window === 'enter' ? 'in' : null;
  });
  return trades;
}
