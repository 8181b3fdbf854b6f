/** Test support: bars at a fixed price, for every minute of given sessions, and a book that takes them. */
import { bookConfigOf, type Bar, type BookConfig } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { sessionOf, type TradeSession } from '@bellwether/market';

export const MINUTE_US = 60_000_000;

export function theSession(tradeDate: number): TradeSession {
  return present(sessionOf(tradeDate), `a session on ${tradeDate}`);
}

export function aBar(open_us: number, overrides: Partial<Bar> = {}): Bar {
  return {
    symbol: 'ES',
    open_us,
    interval_us: MINUTE_US,
    tick_size_e4: 2_500,
    open_ticks: 24_000,
    high_ticks: 24_002,
    low_ticks: 23_999,
    close_ticks: 24_001,
    volume: 100,
    revision: 0,
    bid_size: null,
    ask_size: null,
    last_trade_dir: null,
    ...overrides,
  };
}

/** Every bar of these sessions. */
export function barsOf(tradeDates: readonly number[], overrides: Partial<Bar> = {}): readonly Bar[] {
  const interval_us = overrides.interval_us ?? MINUTE_US;
  return tradeDates.flatMap((date) => {
    const { open_us, close_us } = theSession(date);
    const bars: Bar[] = [];
    for (let at = open_us; at < close_us; at += interval_us) bars.push(aBar(at, overrides));
    return bars;
  });
}

export function aBook(file: Readonly<Record<string, unknown>> = {}): BookConfig {
  return bookConfigOf({ book: 'test', symbols: [{ symbol: 'ES' }, { symbol: 'NQ' }], ...file }).config;
}
