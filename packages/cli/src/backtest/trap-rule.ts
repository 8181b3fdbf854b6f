import type { InventedBar } from '@bellwether/testkit';

/**
 * The rule behind the original's "+$887K" (seed-system.md 11.1), with its own accounting. Here to be found out, not to be traded:
 * nothing of the line knows it.
 */
export interface TrapAccounting {
  /**
   * The original's fault: a signal counts where one of the next three closes is better than its price, and is filled at that
   * price, before any of them was known. False: filled at the close that confirmed it.
   */
  readonly look_ahead: boolean;
  /** The original opens a position at each signal, whatever is open: up to 27 at once. */
  readonly overlapping: boolean;
  /** Filled at the open of the bar behind the signal or its confirmation, as an order can be. */
  readonly next_open: boolean;
  /** Fees and slippage of a round trip, in US dollars; the original has none. */
  readonly cost_usd: number;
}

/** A bar in points. */
export type TrapBar = InventedBar;

export const AS_PUBLISHED: TrapAccounting = {
  look_ahead: true,
  overlapping: true,
  next_open: false,
  cost_usd: 0,
};

export interface TrapResult {
  readonly trades: number;
  readonly wins: number;
  readonly net_usd: number;
  /** Positions that were open at once. */
  readonly open_max: number;
}

/** A signal of the rule at a bar. */
export interface TrapSignal {
  /** 1 buys, -1 sells: against the distance to the VWAP. */
  readonly side: 1 | -1;
  readonly stop: number;
  readonly target: number;
}

const MINUTE_US = 60_000_000;
const DAY_MINUTES = 1_440;
/** 09:30, 10:20 and 12:30 of New York, taken as UTC by the original. */
const ANCHOR_MINUTE = 570;
const FROM_MINUTE = 620;
const TO_MINUTE = 750;
/** The profile of the original has 1.0 to 1.6; about as many signals as it counted come of 1.0. */
const SIGMAS = 1;
const STOP_SIGMAS = 3;
/** Behind three sigmas the stop still lies behind the price. */
const STOP_SHARE_MIN = 1.25;
const VOLUME_BARS = 20;
const VOLUME_RANGE = [-0.3, 2.2] as const;
/** Closes that may confirm a signal. */
export const CONFIRMING_CLOSES = 3;
const BARS_MAX = 45;

const minuteOf = (open_us: number): number => Math.floor(open_us / MINUTE_US) % DAY_MINUTES;

/** Sums since the anchor of the day, and the last volumes. */
export interface TrapState {
  readonly day: number;
  readonly weight: number;
  readonly sum: number;
  readonly squares: number;
  readonly volumes: readonly number[];
}

export const NO_BARS: TrapState = { day: -1, weight: 0, sum: 0, squares: 0, volumes: [] };

function taken(state: TrapState, { open_us, high, low, close, volume }: TrapBar): TrapState {
  const day = Math.floor(open_us / MINUTE_US / DAY_MINUTES);
  const anew = day !== state.day && minuteOf(open_us) >= ANCHOR_MINUTE;
  const { weight, sum, squares } = anew ? NO_BARS : state;
  const typical = (high + low + close) / 3;
  return {
    day: anew ? day : state.day,
    weight: weight + volume,
    sum: sum + volume * typical,
    squares: squares + volume * typical * typical,
    volumes: [...state.volumes.slice(1 - VOLUME_BARS), volume],
  };
}

function signalOf({ day, weight, sum, squares, volumes }: TrapState, bar: TrapBar): TrapSignal | null {
  const { open_us, close, volume } = bar;
  const minute = minuteOf(open_us);
  const inWindow = minute >= FROM_MINUTE && minute < TO_MINUTE;
  if (!inWindow || day !== Math.floor(open_us / MINUTE_US / DAY_MINUTES) || weight === 0) return null;
  const vwap = sum / weight;
  const sigma = Math.sqrt(Math.max(0, squares / weight - vwap * vwap));
  const distance = Math.abs(close - vwap);
  if (sigma === 0 || distance < SIGMAS * sigma) return null;
  const activity = (volume * volumes.length) / volumes.reduce((a, b) => a + b, 0) - 1;
  if (activity < VOLUME_RANGE[0] || activity > VOLUME_RANGE[1]) return null;
  const side = close < vwap ? 1 : -1;
  return { side, stop: vwap - side * Math.max(STOP_SIGMAS * sigma, STOP_SHARE_MIN * distance), target: vwap };
}

/** What the rule says at a bar from the bars up to it: this part of it does not look ahead. */
export function afterTrapBar(
  before: TrapState,
  bar: TrapBar,
): { readonly state: TrapState; readonly signal: TrapSignal | null } {
  const state = taken(before, bar);
  return { state, signal: signalOf(state, bar) };
}

/** The close, counted from the signal, that is better than the price of the signal; null where none of the next is. */
export function confirmedAfter(
  bars: readonly Pick<TrapBar, 'close'>[],
  at: number,
  side: 1 | -1,
): number | null {
  for (let after = 1; after <= CONFIRMING_CLOSES; after++) {
    const later = bars[at + after];
    if (later !== undefined && side * (later.close - bars[at]!.close) > 0) return after;
  }
  return null;
}

interface Exit {
  readonly at: number;
  readonly price: number;
}

/**
 * Where a trade ends that is open from behind the bar `from`: the first close beyond stop or target, or that of the 45th bar.
 * Closes alone: on a walk such a trade gains nothing on average, so that what is gained is the look-ahead. Highs and lows of
 * invented bars are drawn around the walk, and a limit that is filled there gains by that.
 */
function exitOf(bars: readonly TrapBar[], from: number, { side, stop, target }: TrapSignal): Exit | null {
  for (let at = from + 1; at <= from + BARS_MAX; at++) {
    const bar = bars[at];
    if (bar === undefined) return null;
    const ends = side * (bar.close - stop) <= 0 || side * (bar.close - target) >= 0;
    if (ends || at === from + BARS_MAX) return { at, price: bar.close };
  }
  return null;
}

/** Bars with what the rule says at each of them, worked out once for all ways of accounting. */
export interface TrapWalk {
  readonly bars: readonly TrapBar[];
  readonly signals: readonly (TrapSignal | null)[];
}

export function trapWalk(bars: readonly TrapBar[]): TrapWalk {
  let state = NO_BARS;
  const signals = bars.map((bar) => {
    const made = afterTrapBar(state, bar);
    state = made.state;
    return made.signal;
  });
  return { bars, signals };
}

/** Runs the rule with one way of accounting; one contract a trade, `point_usd` dollars a point. */
export function runTrap(
  { bars, signals }: TrapWalk,
  point_usd: number,
  { look_ahead, overlapping, next_open, cost_usd }: TrapAccounting,
): TrapResult {
  let ends: readonly number[] = [];
  const result = { trades: 0, wins: 0, net_usd: 0, open_max: 0 };
  // In the order in which they are known: one that is confirmed late must not take the place of one that was earlier.
  const entries = signals
    .flatMap((signal, i) => {
      const after = signal === null ? null : confirmedAfter(bars, i, signal.side);
      return signal === null || after === null ? [] : [{ signal, known: look_ahead ? i : i + after }];
    })
    .sort((a, b) => a.known - b.known);
  for (const { signal, known } of entries) {
    ends = ends.filter((end) => end > known);
    if (!overlapping && ends.length > 0) continue;
    const entry = next_open ? bars[known + 1]?.open : bars[known]!.close;
    const exit = exitOf(bars, known, signal);
    if (entry === undefined || exit === null) continue;
    const net = signal.side * (exit.price - entry) * point_usd - cost_usd;
    ends = [...ends, exit.at];
    result.trades += 1;
    result.wins += net > 0 ? 1 : 0;
    result.net_usd += net;
    result.open_max = Math.max(result.open_max, ends.length);
  }
  return result;
}
