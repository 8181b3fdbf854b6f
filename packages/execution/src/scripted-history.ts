import { OrderType, Side, type Entry } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { aReleaseEntry, aSignalEntry, anAbandonEntry, atMinute } from '@bellwether/testkit';
import { aPaperConfig, atMarket, barOf, type Prices, type Script } from './scripted-line.js';

/** For tests: random histories through the whole of broker, portfolio and risk. */

const BARS = 220;
/** Loss limits that half of the histories reach. */
const LOSS_LIMIT_CENTS = 400_000;

/** Inputs of a book. */
export interface History {
  readonly raw: readonly Entry[];
  /** What is journaled by somebody else after the raw input of that index. */
  readonly outside: ReadonlyMap<number, readonly Entry[]>;
}

/**
 * A random walk of bars in two symbols, with signals that are given up on in between. The same seed gives the
 * same history; `bars` cuts it short.
 */
export function historyOf(seed: string, bars = BARS): History {
  const random = uniformSource(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const prices = new Map([
    ['ES', 24_000],
    ['NQ', 80_000],
  ]);
  const { limits } = aPaperConfig();
  const loss = { daily_soft_loss_cents: LOSS_LIMIT_CENTS, daily_kill_loss_cents: LOSS_LIMIT_CENTS };
  const config = aPaperConfig({ limits: limits === null ? null : { ...limits, ...loss } });
  const raw: Entry[] = [aReleaseEntry(config)];
  const outside = new Map<number, readonly Entry[]>();
  for (let i = 0; i < bars; i++) {
    const symbol = random() < 0.6 ? 'ES' : 'NQ';
    const open = (prices.get(symbol) ?? 0) + below(5) - 2 + (random() < 0.05 ? below(41) - 20 : 0);
    const close = open + below(21) - 10;
    const bar: Prices = [open, Math.max(open, close) + below(12), Math.min(open, close) - below(12), close];
    prices.set(symbol, close);
    raw.push(barOf(940 + i, bar, symbol));
    if (random() < 0.2) {
      const ts_us = atMinute(941 + i);
      const entries = [aSignalEntry({ signal_id: `s${i}`, symbol, ts_us }, { known_us: ts_us })];
      if (random() < 0.5) entries.push(anAbandonEntry(`s${i}`, { event_us: ts_us, known_us: ts_us }));
      outside.set(i + 1, entries);
    }
  }
  return { raw, outside };
}

/** Proposes something on about a third of the entries that may ask, by their id. */
export function scriptOf(seed: string): Script {
  return (entry) => {
    const random = uniformSource(`${seed} ${entry.id}`);
    const last = entry.bar?.close_ticks ?? null;
    if (random() > 0.35) return null;
    const symbol = entry.bar?.symbol ?? entry.signal?.symbol ?? 'ES';
    const at = last ?? (symbol === 'ES' ? 24_000 : 80_000);
    const side = random() < 0.5 ? Side.LONG : Side.SHORT;
    const sign = side === Side.LONG ? 1 : -1;
    const stopEntry = random() < 0.5;
    const entry_ticks = at + (stopEntry ? sign * 3 : 0);
    const setup = atMarket({
      ...{ symbol, side, entry_ticks, stop_ticks: entry_ticks - sign * (6 + Math.floor(random() * 10)) },
      ...{ order_type: stopEntry ? OrderType.STOP : OrderType.MARKET, tp1_r: random() < 0.8 ? 1 : null },
      target_ticks: random() < 0.5 ? entry_ticks + sign * 25 : null,
      time_stop_us: random() < 0.5 ? 6 * 60_000_000 : null,
      expires_us: entry.event_us + 4 * 60_000_000,
    });
    return { setup, contracts: 1 + Math.floor(random() * 3) };
  };
}
