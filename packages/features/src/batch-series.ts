/**
 * Batch reference for the tests of this package: the quantities that the 43 numbers are made of, each as a list over the
 * bars of a file.
 */
import { fiveMinuteBars, partOf, type BatchBars, type LongerBar } from './batch-bars.js';

export const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
export const mean = (xs: readonly number[]): number => sum(xs) / xs.length;
/** q/0 is 0. */
export const over = (q: number, by: number): number => (by === 0 ? 0 : q / by);
export const sd = (xs: readonly number[]): number => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)));

/** The same of whole numbers, with no rounding before the root. */
const exactSd = (xs: readonly number[]): number =>
  Math.sqrt(xs.length * sum(xs.map((x) => x * x)) - sum(xs) ** 2) / xs.length;

export function median(xs: readonly number[]): number {
  const sorted = [...xs].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A bar as the indicators see it: one-minute or five-minute. */
export interface Candle {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly starts_session: boolean;
}

/** Seeded with the mean of the first n, then weighed; null before. */
function smoothed(xs: readonly number[], n: number, weight: number): (number | null)[] {
  const out: (number | null)[] = [];
  xs.forEach((x, i) => {
    const before = out[i - 1] ?? null;
    if (i < n - 1) out.push(null);
    else if (i === n - 1) out.push(mean(xs.slice(0, n)));
    else out.push(before === null ? null : before + weight * (x - before));
  });
  return out;
}

export const batchEma = (xs: readonly number[], n: number): (number | null)[] => smoothed(xs, n, 2 / (n + 1));
const wilder = (xs: readonly number[], n: number): (number | null)[] => smoothed(xs, n, 1 / n);

/** One value more in front: the first bar of a run has no move. */
const behindFirst = (xs: (number | null)[]): (number | null)[] => [null, ...xs];

const moves = (xs: readonly number[]): number[] => xs.slice(1).map((x, i) => x - xs[i]!);

export function trueRanges(candles: readonly Candle[]): number[] {
  return candles.slice(1).map(({ high, low, starts_session }, i) => {
    const before = candles[i]!.close;
    return starts_session ? high - low : Math.max(high, before) - Math.min(low, before);
  });
}

export const batchAtr = (candles: readonly Candle[], n: number): (number | null)[] =>
  behindFirst(wilder(trueRanges(candles), n));

export function batchRsi(candles: readonly Candle[]): (number | null)[] {
  const all = moves(candles.map(({ close }) => close));
  const ups = wilder(
    all.map((move) => Math.max(move, 0)),
    14,
  );
  const downs = wilder(
    all.map((move) => Math.max(-move, 0)),
    14,
  );
  return behindFirst(
    ups.map((up, i) => {
      const down = downs[i] ?? null;
      if (up === null || down === null) return null;
      return up + down === 0 ? 50 : (100 * up) / (up + down);
    }),
  );
}

export interface BatchMacd {
  readonly line: (number | null)[];
  readonly histogram: (number | null)[];
}

export function batchMacd(candles: readonly Candle[]): BatchMacd {
  const closes = candles.map(({ close }) => close);
  const slow = batchEma(closes, 26);
  const line = batchEma(closes, 12).map((quick, i) => {
    const calm = slow[i] ?? null;
    return quick === null || calm === null ? null : quick - calm;
  });
  const signal = batchEma(
    line.filter((value) => value !== null),
    9,
  );
  const histogram = line.map((value, i) => {
    const at = signal[i - 25] ?? null;
    return value === null || at === null ? null : value - at;
  });
  return { line, histogram };
}

export interface BatchAdx {
  readonly adx: (number | null)[];
  /** (+DI - -DI) / (+DI + -DI), 0 where nothing moved. */
  readonly difference: (number | null)[];
}

/** Wilder's sums: the first n - 1 moves added up, then one n-th leaves with each. */
function wilderSums(xs: readonly number[], n: number): number[] {
  const out: number[] = [];
  xs.forEach((x, i) => out.push(i === 0 ? x : (out[i - 1]! * (i < n - 1 ? n : n - 1)) / n + x));
  return out;
}

export function batchAdx(candles: readonly Candle[]): BatchAdx {
  const n = 14;
  const directions = candles.slice(1).map(({ high, low, starts_session }, i) => {
    const up = starts_session ? 0 : high - candles[i]!.high;
    const down = starts_session ? 0 : candles[i]!.low - low;
    return { plus: up > down && up > 0 ? up : 0, minus: down > up && down > 0 ? down : 0 };
  });
  const plus = wilderSums(
    directions.map((one) => one.plus),
    n,
  );
  const minus = wilderSums(
    directions.map((one) => one.minus),
    n,
  );
  const difference = plus.map((p, i) => (i < n - 1 ? null : over(p - minus[i]!, p + minus[i]!)));
  const indices = difference.filter((value) => value !== null).map((value) => 100 * Math.abs(value));
  const adx = [...Array.from({ length: n - 1 }, () => null), ...wilder(indices, n)];
  return { adx: behindFirst(adx), difference: behindFirst(difference) };
}

/** What one bar of a file says, with those before it in its run; null where it cannot be said. */
export interface BatchSeries {
  readonly returns: readonly number[];
  readonly ranges: readonly number[];
  readonly garmanKlass: readonly number[];
  readonly usualReturn: readonly (number | null)[];
  readonly rv30: readonly (number | null)[];
  readonly volatility15: readonly (number | null)[];
  /** Volume since the anchor; null where one is not known, or a bar is missing. */
  readonly sessionVolume: readonly (number | null)[];
  readonly bandWidth: readonly (number | null)[];
  readonly squeezeDeviation: readonly (number | null)[];
  readonly fastK: readonly (number | null)[];
  /** Of the bar's own run, by bar. */
  readonly candles: (i: number) => readonly Candle[];
  readonly longer: (i: number) => readonly LongerBar[];
}

export function candleOf({ bars, sessionOf }: BatchBars, i: number): Candle {
  const { high_ticks, low_ticks, close_ticks } = bars[i]!;
  const starts_session = i === 0 || sessionOf[i] !== sessionOf[i - 1];
  return { high: high_ticks, low: low_ticks, close: close_ticks, starts_session };
}

/** `of` the last n bars of the run up to each bar; null where the run is shorter. */
function rolling<T>(
  { bars, runStart }: BatchBars,
  n: number,
  of: (from: number, to: number) => T,
): (T | null)[] {
  return bars.map((_, i) => (i - runStart[i]! + 1 < n ? null : of(i - n + 1, i + 1)));
}

function sessionVolumes(placed: BatchBars): (number | null)[] {
  return placed.bars.map((_, i) => {
    const { from, whole } = partOf(placed, i);
    const volumes = placed.bars.slice(from, i + 1).map(({ volume }) => volume);
    return whole && volumes.every((volume) => volume !== null) ? sum(volumes) : null;
  });
}

export function seriesOf(placed: BatchBars): BatchSeries {
  const { bars, runStart } = placed;
  const closes = bars.map((bar) => bar.close_ticks);
  const highs = bars.map((bar) => bar.high_ticks);
  const lows = bars.map((bar) => bar.low_ticks);
  const candles = bars.map((_, i) => candleOf(placed, i));
  const returns = bars.map((_, i) =>
    runStart[i] === i || candles[i]!.starts_session ? 0 : Math.log(closes[i]! / closes[i - 1]!),
  );
  const garmanKlass = bars.map(
    ({ open_ticks: o, high_ticks: h, low_ticks: l, close_ticks: c }) =>
      0.5 * Math.log(h / l) ** 2 - (2 * Math.LN2 - 1) * Math.log(c / o) ** 2,
  );
  const root = (xs: readonly number[]): number => Math.sqrt(mean(xs.map((x) => x * x)));
  // One bar more: the first of a run has no return.
  const rootOf = (n: number): (number | null)[] =>
    rolling(placed, n + 1, (from, to) => root(returns.slice(from + 1, to)));
  return {
    returns,
    ranges: bars.map((bar) => Math.max(bar.high_ticks - bar.low_ticks, 0.5)),
    garmanKlass,
    usualReturn: rootOf(60).map((x, i) => (x === null ? null : Math.max(x, 0.5 / closes[i]!))),
    rv30: rootOf(30),
    volatility15: rolling(placed, 15, (from, to) => Math.sqrt(mean(garmanKlass.slice(from, to)))),
    sessionVolume: sessionVolumes(placed),
    bandWidth: rolling(
      placed,
      20,
      // In whole ticks: two windows of equal widths must rank as equal.
      (from, to) => (4 * exactSd(closes.slice(from, to))) / mean(closes.slice(from, to)),
    ),
    squeezeDeviation: rolling(placed, 20, (from, to) => {
      const middle = (Math.max(...highs.slice(from, to)) + Math.min(...lows.slice(from, to))) / 2;
      return closes[to - 1]! - (middle + mean(closes.slice(from, to))) / 2;
    }),
    fastK: rolling(placed, 14, (from, to) => {
      const high = Math.max(...highs.slice(from, to));
      const low = Math.min(...lows.slice(from, to));
      return high === low ? 50 : (100 * (closes[to - 1]! - low)) / (high - low);
    }),
    candles: (i) => candles.slice(runStart[i], i + 1),
    longer: (i) => fiveMinuteBars(placed, runStart[i]!, i + 1),
  };
}
