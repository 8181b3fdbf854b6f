/**
 * Batch reference for the tests of this package: each of the 43 numbers at a bar, computed from the whole history before
 * it as domain.md 4.3 writes it.
 */
import { ReasonCode, type Bar } from '@bellwether/contracts';
import { nextSession } from '@bellwether/market';
import { MINUTE_US, closeOf, inCash, partOf, placeBars, type BatchBars } from './batch-bars.js';
import {
  batchAdx,
  batchAtr,
  batchEma,
  batchMacd,
  batchRsi,
  mean,
  over,
  median,
  sd,
  seriesOf,
  sum,
  trueRanges,
  type BatchSeries,
} from './batch-series.js';

/** A number, or the reason why there is none. */
export type BatchFeature = number | { readonly reason: ReasonCode };

const WARM_UP: BatchFeature = { reason: ReasonCode.WARM_UP };
const UNDEFINED: BatchFeature = { reason: ReasonCode.UNDEFINED };
const NO_VOLUME: BatchFeature = { reason: ReasonCode.NO_VOLUME };
const NO_CALENDAR: BatchFeature = { reason: ReasonCode.NO_CALENDAR };

interface Place {
  readonly placed: BatchBars;
  readonly series: BatchSeries;
  readonly profiles: Profiles;
  readonly i: number;
  readonly bar: Bar;
}

type Quantity = 'ranges' | 'volatility15' | 'volume' | 'sessionVolume' | 'rv30';

/** Median in a five-minute bucket of a session, or null where no bar of it has the quantity. */
type Profiles = (session: number, quantity: Quantity, bucket: number) => number | null;

const clip = (x: number, k: number): number => Math.max(-k, Math.min(k, x)) / k;
const last = <T>(xs: readonly T[]): T | null => xs[xs.length - 1] ?? null;
const isReason = (x: BatchFeature): x is { readonly reason: ReasonCode } => typeof x !== 'number';

function bucketOf({ placed: { sessions, sessionOf }, i, bar }: Place): number {
  return Math.floor((bar.open_us - sessions[sessionOf[i]!]!.session.open_us) / (5 * MINUTE_US));
}

/** Full sessions before that of the bar, of its epoch, the newest last. */
function fullBefore({ placed: { sessions, sessionOf }, i }: Place): number[] {
  const now = sessionOf[i]!;
  return sessions.flatMap((one, k) => (k < now && one.full && one.epoch === sessions[now]!.epoch ? [k] : []));
}

/** Median of the last 20 full sessions in the bar's bucket. */
function usual(place: Place, quantity: Quantity): number | null {
  const before = fullBefore(place).slice(-20);
  const found = before
    .map((k) => place.profiles(k, quantity, bucketOf(place)))
    .filter((value) => value !== null);
  return before.length < 20 || found.length < 10 ? null : median(found);
}

function against(x: number | null, typical: number | null, k: number): BatchFeature {
  if (x === null || typical === null) return WARM_UP;
  return typical === 0 ? UNDEFINED : clip(Math.log2(x / typical), k);
}

/** Cash-session high, low, close of a session. */
function cashOf({ placed: { bars, sessions } }: Place, k: number) {
  const { from, to } = sessions[k]!;
  const cash = bars.slice(from, to).filter(inCash);
  return {
    high: Math.max(...cash.map((bar) => bar.high_ticks)),
    low: Math.min(...cash.map((bar) => bar.low_ticks)),
    close: last(cash)?.close_ticks ?? NaN,
  };
}

function averageRange(place: Place): number | null {
  const days = fullBefore(place).slice(-20);
  if (days.length < 20) return null;
  return mean(days.map((k) => cashOf(place, k).high - cashOf(place, k).low));
}

/** The full session before, where it is the last one that the calendar has. */
function prior(place: Place) {
  const { sessions, sessionOf } = place.placed;
  const k = last(fullBefore(place));
  if (k === null) return null;
  const now = sessions[sessionOf[place.i]!]!.session;
  let next = nextSession(sessions[k]!.session.open_us);
  while (!next.full_day && next.trade_date < now.trade_date) next = nextSession(next.open_us);
  return next.trade_date >= now.trade_date ? cashOf(place, k) : null;
}

/** Numbers of the last n bars of the run, or null where it is shorter. */
function lastOf<T>({ placed: { runStart }, i }: Place, xs: readonly T[], n: number): readonly T[] | null {
  return i - runStart[i]! + 1 < n ? null : xs.slice(i - n + 1, i + 1);
}

const position = (x: number, low: number, high: number): number => over(2 * x - high - low, high - low);

function priceFeatures(place: Place): BatchFeature[] {
  const { placed, series, i, bar } = place;
  const { bars, sessions, sessionOf } = placed;
  const { open_ticks: o, high_ticks: h, low_ticks: l, close_ticks: c } = bar;
  const s60 = series.usualReturn[i] ?? null;
  const ret = (n: number): BatchFeature => {
    const returns = lastOf(place, series.returns, n);
    return s60 === null || returns === null ? WARM_UP : Math.tanh(sum(returns) / (2 * s60 * Math.sqrt(n)));
  };
  const part = partOf(placed, i);
  const running = bars.slice(part.from, i + 1);
  const opened = part.joined ? bars[part.from]!.open_ticks : null;
  const adr = averageRange(place);
  const day = prior(place);
  const cash = bar.open_us >= sessions[sessionOf[i]!]!.session.rth_open_us;
  const distance = (x: number | null, reference: number | null): BatchFeature =>
    x === null || reference === null || adr === null
      ? WARM_UP
      : Math.tanh(over(2 * Math.log(x / reference), adr / c));
  return [
    ...[ret(1), ret(5), ret(15), ret(60)],
    distance(c, opened),
    distance(cash ? opened : c, day === null ? null : day.close),
    part.whole
      ? position(
          c,
          Math.min(...running.map((one) => one.low_ticks)),
          Math.max(...running.map((one) => one.high_ticks)),
        )
      : WARM_UP,
    day === null ? WARM_UP : clip(position(c, day.low, day.high), 3),
    over(c - o, h - l),
    over(h - Math.max(o, c) - (Math.min(o, c) - l), h - l),
    against(series.ranges[i]!, usual(place, 'ranges'), 3),
    against(series.volatility15[i] ?? null, usual(place, 'volatility15'), 3),
  ];
}

/** Abramowitz and Stegun 7.1.5: the Taylor series, which is another one than the product's. */
function erf(x: number): number {
  if (Math.abs(x) > 2) return Math.sign(x) * (1 - erfcTail(Math.abs(x)));
  let term = x;
  let total = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** Continued fraction of the complement, for large arguments. */
function erfcTail(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}

/** VWAP, its deviation and those of bars before, since the anchor; null before the first volume. */
function vwap({ placed, i }: Place) {
  const { from } = partOf(placed, i);
  const part = placed.bars.slice(from, i + 1);
  const list: number[] = [];
  let found: { readonly mean: number; readonly sd: number } | null = null;
  for (let n = 1; n <= part.length; n++) {
    const total = sum(part.slice(0, n).map((bar) => bar.volume ?? NaN));
    if (total === 0) continue;
    const typical = (bar: Bar): number => (bar.high_ticks + bar.low_ticks + bar.close_ticks) / 3;
    const middle = sum(part.slice(0, n).map((bar) => typical(bar) * (bar.volume ?? NaN))) / total;
    list.push(middle);
    if (n < part.length) continue;
    const variance = sum(part.map((bar) => (typical(bar) - middle) ** 2 * (bar.volume ?? NaN))) / total;
    found = { mean: middle, sd: Math.max(Math.sqrt(variance), 2) };
  }
  return found === null ? null : { ...found, slope: list.length < 16 ? null : list.at(-1)! - list.at(-16)! };
}

/** Why the running VWAP is not known, or null where it is. */
function vwapMissing({ placed, i }: Place): BatchFeature | null {
  const { from, whole } = partOf(placed, i);
  if (placed.bars.slice(from, i + 1).some((bar) => bar.volume === null)) return NO_VOLUME;
  return whole ? null : WARM_UP;
}

function vwapFeatures(place: Place, atr: number | null): BatchFeature[] {
  const missing = vwapMissing(place);
  if (missing !== null) return [missing, missing];
  const found = vwap(place);
  if (found === null) return [UNDEFINED, UNDEFINED];
  return [
    clip((place.bar.close_ticks - found.mean) / found.sd, 4),
    atr === null ? WARM_UP : Math.tanh(over(found.slope ?? 0, atr)),
  ];
}

function correlation(xs: readonly number[], ys: readonly number[]): number {
  const products = mean(xs.map((x, i) => (x - mean(xs)) * (ys[i]! - mean(ys))));
  return Math.max(-1, Math.min(1, over(products, sd(xs) * sd(ys))));
}

/** Volumes of the last n bars of the run, or why they are not all there. */
function volumesOf(place: Place, n: number): readonly number[] | { readonly reason: ReasonCode } {
  const { placed, i } = place;
  const from = Math.max(placed.runStart[i]!, i - n + 1);
  const volumes = placed.bars.slice(from, i + 1).map((bar) => bar.volume);
  const present = volumes.filter((volume) => volume !== null);
  if (present.length < volumes.length) return { reason: ReasonCode.NO_VOLUME };
  return present.length < n ? { reason: ReasonCode.WARM_UP } : present;
}

function volumeFeatures(place: Place): BatchFeature[] {
  const { placed, series, i, bar } = place;
  const { volume } = bar;
  if (volume === null) return Array.from({ length: 8 }, () => NO_VOLUME);
  const share = (at: number): number | null => {
    const s60 = series.usualReturn[at] ?? null;
    return s60 === null ? null : erf(series.returns[at]! / s60 / Math.SQRT2);
  };
  const weighed = (n: number, of: (at: number) => number | null): BatchFeature => {
    const volumes = volumesOf(place, n);
    if (!Array.isArray(volumes)) return volumes as { readonly reason: ReasonCode };
    const parts = (volumes as readonly number[]).map((v, k) => v * (of(i - n + 1 + k) ?? NaN));
    return clip(over(sum(parts), sum(volumes as readonly number[])), 1);
  };
  const location = (at: number): number => {
    const { high_ticks: h, low_ticks: l, close_ticks: c } = placed.bars[at]!;
    return over(2 * c - h - l, h - l);
  };
  const volumes30 = volumesOf(place, 30);
  const usualVolume = usual(place, 'volume');
  const missing = vwapMissing(place);
  const atr = last(batchAtr(series.candles(i), 14));
  return [
    usualVolume === null ? WARM_UP : clip(Math.log2((volume + 1) / (usualVolume + 1)), 3),
    missing ?? against(series.sessionVolume[i] ?? null, usual(place, 'sessionVolume'), 2),
    ...vwapFeatures(place, atr),
    share(i) ?? WARM_UP,
    weighed(30, share),
    weighed(20, location),
    Array.isArray(volumes30)
      ? correlation(
          series.returns.slice(i - 29, i + 1).map((r) => Math.abs(r)),
          volumes30 as readonly number[],
        )
      : (volumes30 as { readonly reason: ReasonCode }),
  ];
}

/** End point of the least-squares line, by its normal equations. */
function lineEnd(ys: readonly number[]): number {
  const xs = ys.map((_, i) => i);
  const slope =
    sum(xs.map((x, i) => (x - mean(xs)) * (ys[i]! - mean(ys)))) / sum(xs.map((x) => (x - mean(xs)) ** 2));
  return mean(ys) + slope * (ys.length - 1 - mean(xs));
}

function rank(xs: readonly number[], x: number): number {
  return (xs.filter((y) => y < x).length + xs.filter((y) => y <= x).length) / (2 * xs.length);
}

/** tanh(x / unit), or too early. */
function inUnits(x: number | null, unit: number | null): BatchFeature {
  return x === null || unit === null ? WARM_UP : Math.tanh(over(x, unit));
}

function known(values: readonly (number | null)[] | null): readonly number[] | null {
  if (values === null) return null;
  const present = values.filter((value) => value !== null);
  return present.length < values.length ? null : present;
}

function bandFeatures(
  place: Place,
  atr: number | null,
): { pctB: BatchFeature; rank: BatchFeature; squeeze: BatchFeature } {
  const { series, placed, i, bar } = place;
  const closes = lastOf(place, placed.bars, 20)?.map((one) => one.close_ticks) ?? null;
  const widths = known(lastOf(place, series.bandWidth, 121));
  if (closes === null) return { pctB: WARM_UP, rank: WARM_UP, squeeze: WARM_UP };
  return {
    pctB: clip(over(bar.close_ticks - mean(closes), 2 * sd(closes)), 2),
    rank: widths === null ? WARM_UP : 2 * rank(widths.slice(0, 120), series.bandWidth[i] ?? NaN) - 1,
    squeeze: atr === null ? WARM_UP : clip(over(3 * atr - 4 * sd(closes), 3 * atr), 1),
  };
}

function technicalFeatures(place: Place): BatchFeature[] {
  const { series, i, bar } = place;
  const candles = series.candles(i);
  const longer = series.longer(i);
  const closes = candles.map(({ close }) => close);
  const ema = (n: number): number | null => last(batchEma(closes, n));
  const atr = last(batchAtr(candles, 14));
  const atr100 = last(batchAtr(candles, 100));
  const rsi = last(batchRsi(candles));
  const rsi5 = last(batchRsi(longer));
  const histogram = last(batchMacd(candles).histogram);
  const { adx, difference } = batchAdx(candles);
  const trend = last(adx);
  const fast = known(lastOf(place, series.fastK, 5));
  const ks = fast === null ? null : [0, 1, 2].map((k) => mean(fast.slice(k, k + 3)));
  const fast3 = known(lastOf(place, series.fastK, 3));
  const deviations = known(lastOf(place, series.squeezeDeviation, 20));
  const bands = bandFeatures(place, atr);
  const [ema9, ema21, ema50] = [ema(9), ema(21), ema(50)];
  return [
    rsi === null ? WARM_UP : (rsi - 50) / 50,
    rsi5 === null ? WARM_UP : (rsi5 - 50) / 50,
    inUnits(histogram === null ? null : 2 * histogram, atr),
    inUnits(last(batchMacd(longer).line), last(batchAtr(longer, 14))),
    bands.pctB,
    bands.rank,
    atr === null || atr100 === null ? WARM_UP : against(atr, atr100, 2),
    trend === null ? WARM_UP : clip((trend - 25) / 25, 1),
    last(difference) ?? WARM_UP,
    fast3 === null ? WARM_UP : (mean(fast3) - 50) / 50,
    ks === null ? WARM_UP : clip((ks[2]! - mean(ks)) / 50, 1),
    inUnits(ema9 === null || ema21 === null ? null : ema9 - ema21, atr),
    inUnits(ema50 === null ? null : bar.close_ticks - ema50, atr === null ? null : 3 * atr),
    bands.squeeze,
    inUnits(deviations === null ? null : lineEnd(deviations), atr === null ? null : 2 * atr),
  ];
}

/** Lo and MacKinlay, as written in their paper. */
function varianceRatio(returns: readonly number[], q: number): number {
  const n = returns.length;
  const mu = mean(returns);
  const single = sum(returns.map((r) => (r - mu) ** 2)) / (n - 1);
  const sums = returns.slice(q - 1).map((_, k) => sum(returns.slice(k, k + q)));
  const m = q * (n - q + 1) * (1 - q / n);
  return single === 0 ? 1 : sum(sums.map((x) => (x - q * mu) ** 2)) / m / single;
}

function chop(place: Place): BatchFeature {
  const bars = lastOf(place, place.placed.bars, 31);
  const candles = place.series.candles(place.i);
  if (bars === null) return WARM_UP;
  const path = sum(trueRanges(candles.slice(-31)));
  const high = Math.max(...bars.slice(1).map((bar) => bar.high_ticks));
  const low = Math.min(...bars.slice(1).map((bar) => bar.low_ticks));
  if (high === low) return UNDEFINED;
  const index = path === 0 ? 0 : Math.log10(path / (high - low)) / Math.log10(30);
  return 1 - 2 * Math.max(0, Math.min(1, index));
}

function regimeFeatures(place: Place): BatchFeature[] {
  const { series, i } = place;
  const rv = series.rv30[i] ?? null;
  const before = fullBefore(place)
    .slice(-60)
    .map((k) => place.profiles(k, 'rv30', bucketOf(place)))
    .filter((value) => value !== null);
  const closes = lastOf(place, place.placed.bars, 31)?.map((bar) => bar.close_ticks) ?? null;
  const path = closes === null ? 0 : sum(closes.slice(1).map((c, k) => Math.abs(c - closes[k]!)));
  const returns = lastOf(place, series.returns, 121);
  return [
    rv === null || before.length < 20 ? WARM_UP : 2 * rank(before, rv) - 1,
    closes === null ? WARM_UP : 2 * over(Math.abs(closes[30]! - closes[0]!), path) - 1,
    returns === null ? WARM_UP : Math.tanh(varianceRatio(returns.slice(1), 5) - 1),
    chop(place),
  ];
}

function timeFeatures({ placed: { sessions, sessionOf }, i, bar }: Place): BatchFeature[] {
  const { open_us, trade_date } = sessions[sessionOf[i]!]!.session;
  const angle = (2 * Math.PI * ((closeOf(bar) - open_us) / MINUTE_US)) / 1_380;
  // Zeller's congruence for the Gregorian calendar: 0 is Saturday.
  const year = Math.floor(trade_date / 10_000);
  const month = Math.floor(trade_date / 100) % 100;
  const [y, m] = month < 3 ? [year - 1, month + 12] : [year, month];
  const weekday =
    ((trade_date % 100) +
      Math.floor((13 * (m + 1)) / 5) +
      y +
      Math.floor(y / 4) -
      Math.floor(y / 100) +
      Math.floor(y / 400)) %
    7;
  return [Math.sin(angle), Math.cos(angle), (weekday - 2 - 2) / 2, NO_CALENDAR];
}

function profilesOf({ bars, sessions }: BatchBars, series: BatchSeries): Profiles {
  const volume = bars.map((bar) => bar.volume);
  const tables = new Map<string, number | null>();
  return (k, quantity, bucket) => {
    const key = `${k} ${quantity} ${bucket}`;
    const made = tables.get(key);
    if (made !== undefined) return made;
    const { session, from, to } = sessions[k]!;
    const all = quantity === 'volume' ? volume : series[quantity];
    const found: number[] = [];
    for (let i = from; i < to; i++) {
      const value = all[i] ?? null;
      const inBucket = Math.floor((bars[i]!.open_us - session.open_us) / (5 * MINUTE_US)) === bucket;
      if (inBucket && value !== null) found.push(value);
    }
    const value = found.length === 0 ? null : median(found);
    tables.set(key, value);
    return value;
  };
}

/** First bars of a run for which a number is not told yet, by index (domain.md 4.3). */
const WARM_UP_MINUTES = [
  ...[61, 61, 61, 61, 1, 1, 1, 1, 1, 1, 1, 15],
  ...[1, 1, 1, 15, 61, 90, 20, 31],
  ...[100, 500, 200, 900, 20, 140, 700, 200, 100, 16, 18, 150, 350, 100, 100],
  ...[31, 31, 121, 31],
  ...[1, 1, 1, 1],
];
/** Those of T2 and T4 are minutes, so fewer bars where bars are longer. */
const FIVE_MINUTE = [21, 23];

/** The 43 numbers after bar `i` of the file, by the definitions alone. */
export function batchFeatures(bars: readonly Bar[]): (i: number) => readonly BatchFeature[] {
  const placed = placeBars(bars);
  const series = seriesOf(placed);
  const profiles = profilesOf(placed, series);
  return (i) => {
    const bar = bars[i]!;
    const place: Place = { placed, series, profiles, i, bar };
    const all = [
      ...priceFeatures(place),
      ...volumeFeatures(place),
      ...technicalFeatures(place),
      ...regimeFeatures(place),
      ...timeFeatures(place),
    ];
    const seen = i - placed.runStart[i]! + 1;
    return all.map((value, at) => {
      const minutes = WARM_UP_MINUTES[at]!;
      const needed = FIVE_MINUTE.includes(at) ? (minutes * MINUTE_US) / bar.interval_us : minutes;
      const early = seen < needed && !(isReason(value) && value.reason === ReasonCode.NO_VOLUME);
      return early && at !== 42 ? WARM_UP : value;
    });
  };
}
