/** Test support: bars that look like a market, and one fault put into them. */
import { generateSessions } from '@bellwether/testkit';
import type { RawBar } from './bar.js';
import { DataVerdict, type Verdict, type VerdictOptions } from './data-verdict.js';
import { subjectOf } from './subject.js';

export interface WorldOptions {
  readonly symbol?: string;
  readonly interval?: '1m' | '5m';
  readonly firstTradeDate?: number;
  readonly sessions?: number;
  readonly seed?: string;
}

/** Made-up bars with the marks of a market: tails, clusters, the course of the day. */
export function aWorld(options: WorldOptions = {}): RawBar[] {
  const {
    symbol = 'ES',
    interval = '1m',
    firstTradeDate = 20_250_815,
    sessions = 16,
    seed = 'verdict',
  } = options;
  return [...generateSessions({ seed, symbol, firstTradeDate, sessions, interval })].map((bar) => {
    const points = bar.tick_size_e4 / 10_000;
    return {
      open_us: bar.open_us,
      open: bar.open_ticks * points,
      high: bar.high_ticks * points,
      low: bar.low_ticks * points,
      close: bar.close_ticks * points,
      volume: bar.volume ?? 0,
    };
  });
}

export function judge(
  bars: Iterable<RawBar>,
  symbol = 'ES',
  options: Partial<Omit<VerdictOptions, 'subject'>> = {},
): Verdict {
  const subject = subjectOf(symbol);
  if (subject === null) throw new Error(`Expected a known symbol, was ${symbol}`);
  const verdict = new DataVerdict({ origin: 'market', trustTimes: false, ...options, subject });
  // The header is line 1.
  let line = 1;
  for (const bar of bars) verdict.add(bar, ++line);
  return verdict.result();
}

export function codesOf(verdict: Verdict, level?: 'refuse' | 'warn' | 'note'): readonly string[] {
  return verdict.findings.filter((one) => level === undefined || one.level === level).map(({ code }) => code);
}

/** Bars with their prices moved by a function. */
export function priced(bars: readonly RawBar[], of: (price: number) => number): RawBar[] {
  return bars.map((bar) => ({
    ...bar,
    open: of(bar.open),
    high: of(bar.high),
    low: of(bar.low),
    close: of(bar.close),
  }));
}

export function shifted(bars: readonly RawBar[], us: number): RawBar[] {
  return bars.map((bar) => ({ ...bar, open_us: bar.open_us + us }));
}
