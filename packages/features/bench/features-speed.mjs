/**
 * Bars a second of the features stage alone, and of the indicators that everybody has: ours, `trading-signals` and a
 * hand-written loop, in one run on one machine.
 *
 *     node packages/features/bench/features-speed.mjs [sessions] [rounds]
 *
 * The bars are made up (no market data). Results are checked before anything is timed. The stage keeps its state as plain
 * data that is never changed in place, checks each bar against the calendar, and gives 43 numbers with their reasons and
 * the raw indicators; the loop and the library do nothing of that. Rounds take turns, so that a busy machine slows all.
 */
import assert from 'node:assert/strict';
import os from 'node:os';
import {
  adxOf,
  atrOf,
  averageOf,
  bollingerOf,
  emptyAdx,
  emptyAtr,
  emptyEma,
  emptyMacd,
  emptyRsi,
  emptyWindows,
  fastKOf,
  macdHistogramOf,
  pushRow,
  ringsOf,
  rsiOf,
  stochasticOf,
  updateAdx,
  updateAtr,
  updateAverage,
  updateMacd,
  updateRsi,
} from '@bellwether/indicators';
import { FIRST_FRAME_HEAD, openFrame } from '@bellwether/kernel';
import { generateSessions } from '@bellwether/testkit';
import { ADX, ATR, BollingerBands, EMA, MACD, RSI, StochasticOscillator } from 'trading-signals';
import { stage } from '../dist/index.js';
import { barEntry, configOf, releaseEntry } from '../dist/sample-entries.js';

const sessions = Number(process.argv[2] ?? 60);
const rounds = Number(process.argv[3] ?? 9);

const made = { seed: 'bench', symbol: 'ES', firstTradeDate: 20240102, sessions, interval: '1m' };
const bars = [...generateSessions(made)];
const frames = [releaseEntry(configOf(['ES'])), ...bars.map(barEntry)].map((entry) =>
  openFrame(FIRST_FRAME_HEAD, entry),
);
const priceBars = bars.map((bar) => ({
  open_us: bar.open_us,
  close_us: bar.open_us + bar.interval_us,
  open_ticks: bar.open_ticks,
  high_ticks: bar.high_ticks,
  low_ticks: bar.low_ticks,
  close_ticks: bar.close_ticks,
  // The others know no sessions.
  session_start: false,
}));
const candles = bars.map(({ high_ticks: high, low_ticks: low, close_ticks: close }) => ({ high, low, close }));
const highs = Float64Array.from(candles, ({ high }) => high);
const lows = Float64Array.from(candles, ({ low }) => low);
const closes = Float64Array.from(candles, ({ close }) => close);

/** All numbers of the stage, and how many there are: work that cannot be left out. */
function runStage() {
  let state = stage.initialState();
  let sum = 0;
  let numbers = 0;
  for (const frame of frames) {
    const applied = stage.apply(state, frame, []);
    state = applied.state;
    const { vector } = applied.part;
    if (vector === null) continue;
    numbers += vector.present_value.length;
    sum += vector.present_value[0];
  }
  return { sum, numbers };
}

const RINGS = ringsOf([20, 14, 14]);
const [CLOSE, HIGH, LOW] = RINGS;
const STOCHASTIC_RINGS = { high: HIGH, low: LOW, close: CLOSE };
const FAST = ringsOf([5]);

function runOurs() {
  let rsi = emptyRsi(14);
  let ema = emptyEma(20);
  let macd = emptyMacd();
  let atr = emptyAtr(14);
  let adx = emptyAdx(14);
  let windows = emptyWindows(RINGS);
  let fast = emptyWindows(FAST);
  let bands = null;
  let stochastic = null;
  for (const bar of priceBars) {
    const close = bar.close_ticks;
    rsi = updateRsi(rsi, close);
    ema = updateAverage(ema, close);
    macd = updateMacd(macd, close);
    atr = updateAtr(atr, bar);
    adx = updateAdx(adx, bar);
    windows = pushRow(windows, RINGS, [close, bar.high_ticks, bar.low_ticks]);
    const fastK = fastKOf(windows, STOCHASTIC_RINGS, 14);
    if (fastK !== null) fast = pushRow(fast, FAST, [fastK]);
    bands = bollingerOf(windows, CLOSE, 20, 2);
    stochastic = stochasticOf(fast, FAST[0]);
  }
  return {
    ...{ rsi: rsiOf(rsi), ema: averageOf(ema), macd: macdHistogramOf(macd), atr: atrOf(atr), adx: adxOf(adx) },
    ...{ upper: bands.upper, k: stochastic.k, d: stochastic.d },
  };
}

function runLibrary() {
  const rsi = new RSI(14);
  const ema = new EMA(20);
  const macd = new MACD(new EMA(12), new EMA(26), new EMA(9));
  const atr = new ATR(14);
  const adx = new ADX(14);
  const bands = new BollingerBands(20, 2);
  const stochastic = new StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 });
  for (const candle of candles) {
    rsi.add(candle.close);
    ema.add(candle.close);
    macd.add(candle.close);
    atr.add(candle);
    adx.add(candle);
    bands.add(candle.close);
    stochastic.add(candle);
  }
  const { stochK, stochD } = stochastic.getResult();
  return {
    ...{ rsi: rsi.getResult(), ema: ema.getResult(), macd: macd.getResult().histogram, atr: atr.getResult() },
    ...{ adx: adx.getResult(), upper: bands.getResult().upper, k: stochK, d: stochD },
  };
}

/** The same seven in one loop over typed arrays, with nothing between them. Seeds fade; the last bar is compared. */
function runLoop() {
  let up = 0;
  let down = 0;
  let ema = closes[0];
  let fastEma = closes[0];
  let slowEma = closes[0];
  let signal = 0;
  let atr = 0;
  let plus = 0;
  let minus = 0;
  let range = 0;
  let adx = 0;
  let sum = 0;
  let squares = 0;
  let upper = 0;
  const fast = new Float64Array(5);
  const reference = closes[0];
  for (let i = 1; i < closes.length; i++) {
    const close = closes[i];
    const move = close - closes[i - 1];
    up += ((move > 0 ? move : 0) - up) / 14;
    down += ((move < 0 ? -move : 0) - down) / 14;
    ema += (2 / 21) * (close - ema);
    fastEma += (2 / 13) * (close - fastEma);
    slowEma += (2 / 27) * (close - slowEma);
    signal += 0.2 * (fastEma - slowEma - signal);
    const trueRange = Math.max(highs[i], closes[i - 1]) - Math.min(lows[i], closes[i - 1]);
    atr += (trueRange - atr) / 14;
    const rise = highs[i] - highs[i - 1];
    const fall = lows[i - 1] - lows[i];
    plus += (rise > fall && rise > 0 ? rise : 0) - plus / 14;
    minus += (fall > rise && fall > 0 ? fall : 0) - minus / 14;
    range += trueRange - range / 14;
    adx += ((plus + minus === 0 ? 0 : (100 * Math.abs(plus - minus)) / (plus + minus)) - adx) / 14;
    // Whole ticks from a reference, so that adding and taking away leaves no rest.
    const distance = close - reference;
    sum += distance;
    squares += distance * distance;
    if (i >= 20) {
      const gone = closes[i - 20] - reference;
      sum -= gone;
      squares -= gone * gone;
    }
    const mean = sum / 20;
    upper = reference + mean + 2 * Math.sqrt(Math.max(0, squares / 20 - mean * mean));
    let high = -Infinity;
    let low = Infinity;
    for (let j = Math.max(0, i - 13); j <= i; j++) {
      if (highs[j] > high) high = highs[j];
      if (lows[j] < low) low = lows[j];
    }
    fast[i % 5] = high === low ? 50 : (100 * (close - low)) / (high - low);
  }
  const last = closes.length - 1;
  const fastAt = (back) => fast[(last - back) % 5];
  const kAt = (back) => (fastAt(back) + fastAt(back + 1) + fastAt(back + 2)) / 3;
  return {
    ...{ rsi: (100 * up) / (up + down), ema, macd: fastEma - slowEma - signal, atr, adx, upper },
    ...{ k: kAt(0), d: (kAt(0) + kAt(1) + kAt(2)) / 3 },
  };
}

/** What is timed must be right: the loop equals ours, and so does the library but for its ADX. */
function check() {
  const ours = runOurs();
  const loop = runLoop();
  const library = runLibrary();
  for (const name of Object.keys(ours)) {
    assert.ok(Math.abs(ours[name] - loop[name]) < 1e-6, `${name}: ${ours[name]} and ${loop[name]} by hand`);
    if (name !== 'adx') {
      assert.ok(Math.abs(ours[name] - library[name]) < 1e-6, `${name}: ${ours[name]} and ${library[name]}`);
    }
  }
  console.log(`checked: eight numbers of seven indicators after ${bars.length} bars are the same in all three, but for`);
  console.log(`the library's ADX, which counts equal moves for both sides: ${library.adx.toFixed(4)}, not ${ours.adx.toFixed(4)}`);
  const { numbers } = runStage();
  assert.ok(numbers > 30 * bars.length, 'Expected most of the 43 numbers at most bars');
  console.log(`checked: the stage gave ${(numbers / bars.length).toFixed(1)} of 43 numbers a bar\n`);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rate = (ms) => Math.round((1_000 * bars.length) / ms).toLocaleString('en-US');

console.log(`${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}, Node ${process.version}`);
console.log(`node packages/features/bench/features-speed.mjs ${sessions} ${rounds}: ${bars.length} one-minute bars\n`);
check();
const work = [
  ['features stage, 43 numbers', runStage],
  ['seven indicators, ours', runOurs],
  ['seven indicators, trading-signals 8.3.0', runLibrary],
  ['seven indicators, hand-written loop', runLoop],
];
const times = new Map(work.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of work) {
    const started = performance.now();
    run();
    times.get(name).push(performance.now() - started);
  }
}
for (const [name] of work) {
  const all = times.get(name);
  console.log(`${name.padEnd(42)} median ${rate(median(all)).padStart(12)} bars/s, best ${rate(Math.min(...all)).padStart(12)}`);
}
