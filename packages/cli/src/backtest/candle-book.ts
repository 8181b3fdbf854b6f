import type { Bar, Frame } from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';

const CANDLE_US = 300_000_000;
/** Open time, open, high, low, close. */
const WIDTH = 5;

export interface CandleRow {
  readonly open_us: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Candles of 5 minutes of the days with trades: about 11 KB for each such day and symbol, and nothing of the others. */
export class CandleBook {
  readonly #kept = new Map<string, Float64Array>();
  readonly #now = new Map<string, number[]>();
  #date = 0;
  #traded = false;

  add({ entry, portfolio }: Frame): void {
    const date = portfolio?.day?.trade_date ?? 0;
    if (date !== this.#date) {
      this.#endDay();
      this.#date = date;
    }
    if ((portfolio?.closed.length ?? 0) > 0) this.#traded = true;
    if (entry !== null && entry.bar !== null && date !== 0) this.#bar(entry.bar);
  }

  /** In points, of a date with trades. Call {@link end} first. */
  candles(date: number, symbol: string): readonly CandleRow[] {
    const kept = this.#kept.get(`${date} ${symbol}`) ?? new Float64Array(0);
    const tick = (instrumentOf(symbol)?.tick_size_e4 ?? 0) / 10_000;
    return Array.from({ length: kept.length / WIDTH }, (_, i) => {
      const [open_us = 0, open = 0, high = 0, low = 0, close = 0] = kept.subarray(
        WIDTH * i,
        WIDTH * i + WIDTH,
      );
      return { open_us, open: open * tick, high: high * tick, low: low * tick, close: close * tick };
    });
  }

  /** After the last frame. */
  end(): void {
    this.#endDay();
  }

  #endDay(): void {
    if (this.#traded) {
      for (const [symbol, values] of this.#now)
        this.#kept.set(`${this.#date} ${symbol}`, Float64Array.from(values));
    }
    this.#now.clear();
    this.#traded = false;
  }

  #bar({ symbol, open_us, open_ticks, high_ticks, low_ticks, close_ticks }: Bar): void {
    const values = this.#now.get(symbol) ?? [];
    if (values.length === 0) this.#now.set(symbol, values);
    const from_us = open_us - (open_us % CANDLE_US);
    const at = values.length - WIDTH;
    if (at < 0 || values[at] !== from_us) {
      values.push(from_us, open_ticks, high_ticks, low_ticks, close_ticks);
      return;
    }
    values[at + 2] = Math.max(values[at + 2]!, high_ticks);
    values[at + 3] = Math.min(values[at + 3]!, low_ticks);
    values[at + 4] = close_ticks;
  }
}
