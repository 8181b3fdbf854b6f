import type { Bar, Entry } from '@bellwether/contracts';
import { assert, compareEntries } from '@bellwether/kernel';
import { sessionAt } from '@bellwether/market';
import { closeOf, warmupEntry, type BarSource } from './market-entries.js';

/** Sessions that profiles look back on at most (domain.md 4.3: R1 takes 60). */
export const WARMUP_SESSIONS_MAX = 60;

/** Bars in one entry: a full session has 1,380 one-minute bars; the rest is margin. */
export const WARMUP_BARS_MAX = 1_500;

interface Day {
  readonly trade_date: number;
  readonly source: BarSource;
  readonly bars: Bar[];
}

/** The latest sessions before the first decision, by symbol. Holds no more than asked for. */
export class WarmupWindow {
  readonly #days = new Map<string, Day[]>();

  /** @param sessions how many of the latest sessions to keep for each symbol */
  constructor(private readonly sessions: number) {
    assert(
      Number.isInteger(sessions) && sessions >= 0 && sessions <= WARMUP_SESSIONS_MAX,
      `Expected 0 to ${WARMUP_SESSIONS_MAX} warm-up sessions, was ${sessions}`,
    );
  }

  /** Takes the next bar of its symbol. One that lies in no session warms nothing and is left out. */
  add(bar: Bar, source: BarSource): void {
    const session = sessionAt(bar.open_us);
    if (session === null || this.sessions === 0) return;
    const days = this.#days.get(bar.symbol) ?? [];
    this.#days.set(bar.symbol, days);
    const last = days[days.length - 1];
    if (last?.trade_date === session.trade_date) {
      assert(last.bars.length < WARMUP_BARS_MAX, 'A session has at most 1,500 bars');
      last.bars.push(bar);
      return;
    }
    days.push({ trade_date: session.trade_date, source, bars: [bar] });
    if (days.length > this.sessions) days.shift();
  }

  /** One entry for each symbol and trade date, in journal order. */
  entries(book: string): readonly Entry[] {
    return [...this.#days.values()]
      .flat()
      .map((day) => entryOf(book, day))
      .sort(compareEntries);
  }
}

function entryOf(book: string, { trade_date, source, bars }: Day): Entry {
  const first = bars[0]!;
  const last = bars[bars.length - 1]!;
  const volume_known = bars.every((bar) => bar.volume !== null);
  const warmup = {
    symbol: first.symbol,
    trade_date,
    interval_us: first.interval_us,
    tick_size_e4: first.tick_size_e4,
    volume_known,
    open_us: bars.map((bar) => bar.open_us),
    open_ticks: bars.map((bar) => bar.open_ticks),
    high_ticks: bars.map((bar) => bar.high_ticks),
    low_ticks: bars.map((bar) => bar.low_ticks),
    close_ticks: bars.map((bar) => bar.close_ticks),
    volume: volume_known ? bars.map((bar) => bar.volume ?? 0) : [],
  };
  return warmupEntry(book, warmup, closeOf(last), source);
}
