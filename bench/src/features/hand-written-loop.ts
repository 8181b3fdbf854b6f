import type { SevenIndicators } from './seven-indicators.js';

export interface CandleColumns {
  readonly highs: Float64Array;
  readonly lows: Float64Array;
  readonly closes: Float64Array;
}

/** Recursive ones: a few numbers that each bar changes in place. Seeds fade; the last bar is compared. */
class Recursive {
  #up = 0;
  #down = 0;
  #ema: number;
  #fast: number;
  #slow: number;
  #signal = 0;
  #atr = 0;
  #plus = 0;
  #minus = 0;
  #adx = 0;

  constructor(first: number) {
    this.#ema = first;
    this.#fast = first;
    this.#slow = first;
  }

  add({ highs, lows, closes }: CandleColumns, i: number): void {
    const close = closes[i]!;
    const before = closes[i - 1]!;
    const move = close - before;
    this.#up += ((move > 0 ? move : 0) - this.#up) / 14;
    this.#down += ((move < 0 ? -move : 0) - this.#down) / 14;
    this.#ema += (2 / 21) * (close - this.#ema);
    this.#fast += (2 / 13) * (close - this.#fast);
    this.#slow += (2 / 27) * (close - this.#slow);
    this.#signal += 0.2 * (this.#fast - this.#slow - this.#signal);
    this.#atr += (Math.max(highs[i]!, before) - Math.min(lows[i]!, before) - this.#atr) / 14;
    const rise = highs[i]! - highs[i - 1]!;
    const fall = lows[i - 1]! - lows[i]!;
    this.#plus += (rise > fall && rise > 0 ? rise : 0) - this.#plus / 14;
    this.#minus += (fall > rise && fall > 0 ? fall : 0) - this.#minus / 14;
    const all = this.#plus + this.#minus;
    this.#adx += ((all === 0 ? 0 : (100 * Math.abs(this.#plus - this.#minus)) / all) - this.#adx) / 14;
  }

  readings(): Pick<SevenIndicators, 'rsi' | 'ema' | 'macd' | 'atr' | 'adx'> {
    return {
      rsi: (100 * this.#up) / (this.#up + this.#down),
      ema: this.#ema,
      macd: this.#fast - this.#slow - this.#signal,
      atr: this.#atr,
      adx: this.#adx,
    };
  }
}

/** Windows: sums of whole ticks from a reference, so that adding and taking away leaves no rest. */
class Windowed {
  readonly #reference: number;
  readonly #fastK = new Float64Array(5);
  #sum = 0;
  #squares = 0;
  #upper = 0;

  constructor(first: number) {
    this.#reference = first;
  }

  add({ highs, lows, closes }: CandleColumns, i: number): void {
    const close = closes[i]!;
    const distance = close - this.#reference;
    const gone = i >= 20 ? closes[i - 20]! - this.#reference : 0;
    this.#sum += distance - gone;
    this.#squares += distance * distance - gone * gone;
    const mean = this.#sum / 20;
    this.#upper = this.#reference + mean + 2 * Math.sqrt(Math.max(0, this.#squares / 20 - mean * mean));
    let high = -Infinity;
    let low = Infinity;
    for (let j = Math.max(0, i - 13); j <= i; j++) {
      if (highs[j]! > high) high = highs[j]!;
      if (lows[j]! < low) low = lows[j]!;
    }
    this.#fastK[i % 5] = high === low ? 50 : (100 * (close - low)) / (high - low);
  }

  readings(last: number): Pick<SevenIndicators, 'upper' | 'k' | 'd'> {
    const fast = (back: number): number => this.#fastK[(last - back) % 5]!;
    const k = (back: number): number => (fast(back) + fast(back + 1) + fast(back + 2)) / 3;
    return { upper: this.#upper, k: k(0), d: (k(0) + k(1) + k(2)) / 3 };
  }
}

/** The same seven in one loop over typed arrays, with nothing between them and nothing checked. */
export function handWrittenLoop(columns: CandleColumns): SevenIndicators {
  const { closes } = columns;
  const recursive = new Recursive(closes[0]!);
  const windowed = new Windowed(closes[0]!);
  for (let i = 1; i < closes.length; i++) {
    recursive.add(columns, i);
    windowed.add(columns, i);
  }
  return { ...recursive.readings(), ...windowed.readings(closes.length - 1) };
}
