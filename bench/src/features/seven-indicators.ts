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
  highestOfLast,
  lowestOfLast,
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
  type PriceBar,
} from '@bellwether/indicators';
import { present } from '@bellwether/kernel';
import { ADX, ATR, BollingerBands, EMA, MACD, RSI, StochasticOscillator } from 'trading-signals';

/** What the seven indicators that everybody has say of the last bar. */
export interface SevenIndicators {
  readonly rsi: number;
  readonly ema: number;
  readonly macd: number;
  readonly atr: number;
  readonly adx: number;
  readonly upper: number;
  readonly k: number;
  readonly d: number;
}

const RINGS = ringsOf([20, 14, 14]);
const [CLOSE, HIGH, LOW] = RINGS;
const FAST = ringsOf([5]);

/** Ours: state that is plain data, made anew by every bar. */
export function ours(bars: readonly PriceBar[]): SevenIndicators {
  let rsi = emptyRsi(14);
  let ema = emptyEma(20);
  let macd = emptyMacd();
  let atr = emptyAtr(14);
  let adx = emptyAdx(14);
  let windows = emptyWindows(RINGS);
  let fast = emptyWindows(FAST);
  let bands = bollingerOf(windows, CLOSE, 20, 2);
  let stochastic = stochasticOf(fast, FAST[0]);
  for (const bar of bars) {
    const close = bar.close_ticks;
    rsi = updateRsi(rsi, close);
    ema = updateAverage(ema, close);
    macd = updateMacd(macd, close);
    atr = updateAtr(atr, bar);
    adx = updateAdx(adx, bar);
    windows = pushRow(windows, RINGS, [close, bar.high_ticks, bar.low_ticks]);
    const highest = highestOfLast(windows, HIGH, 14);
    const lowest = lowestOfLast(windows, LOW, 14);
    if (highest !== null && lowest !== null) fast = pushRow(fast, FAST, [fastKOf(close, highest, lowest)]);
    bands = bollingerOf(windows, CLOSE, 20, 2);
    stochastic = stochasticOf(fast, FAST[0]);
  }
  return {
    rsi: present(rsiOf(rsi), 'RSI'),
    ema: present(averageOf(ema), 'EMA'),
    macd: present(macdHistogramOf(macd), 'MACD'),
    atr: present(atrOf(atr), 'ATR'),
    adx: present(adxOf(adx), 'ADX'),
    upper: present(bands, 'bands').upper,
    k: present(stochastic, 'stochastic').k,
    d: present(stochastic, 'stochastic').d,
  };
}

export interface Candle {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** The most used library of such indicators. */
export function tradingSignals(candles: readonly Candle[]): SevenIndicators {
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
  const { stochK: k, stochD: d } = present(stochastic.getResult(), 'stochastic');
  return {
    rsi: present(rsi.getResult(), 'RSI'),
    ema: present(ema.getResult(), 'EMA'),
    macd: present(macd.getResult(), 'MACD').histogram,
    atr: present(atr.getResult(), 'ATR'),
    adx: present(adx.getResult(), 'ADX'),
    upper: present(bands.getResult(), 'bands').upper,
    k,
    d,
  };
}
