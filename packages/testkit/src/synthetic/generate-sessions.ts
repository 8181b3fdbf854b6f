import { BellwetherError, type Bar } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';
import {
  instrumentOf,
  isHalted,
  nextSession,
  sessionOf,
  type Instrument,
  type TradeSession,
} from '@bellwether/market';
import { numberSource } from './normal-source.js';
import { PricePath, type Minute, type SyntheticScale } from './price-path.js';

const MINUTE_US = 60_000_000;

/** ES near 6,000 and NQ near 21,000, moving 4.5 times as many points; micros trade contracts of their own. */
const SCALES: ReadonlyMap<string, SyntheticScale> = new Map([
  ['ES', { level_ticks: 24_000, ticks_per_es_point: 4, volume_factor: 1 }],
  ['MES', { level_ticks: 24_000, ticks_per_es_point: 4, volume_factor: 0.5 }],
  ['NQ', { level_ticks: 84_000, ticks_per_es_point: 18, volume_factor: 0.35 }],
  ['MNQ', { level_ticks: 84_000, ticks_per_es_point: 18, volume_factor: 0.7 }],
]);

export interface SyntheticOptions {
  /** The same seed, symbol and date give the same bars; bars of two symbols are independent of each other. */
  readonly seed: string;
  readonly symbol: string;
  /** yyyymmdd; must have a session. */
  readonly firstTradeDate: number;
  readonly sessions: number;
  readonly interval: '1m' | '5m';
}

/** Ten years of sessions; more is a slip of the hand. */
export const SYNTHETIC_SESSIONS_MAX = 2_600;

function sessionsFrom(firstTradeDate: number, count: number): readonly TradeSession[] {
  assert(
    Number.isInteger(count) && count >= 1 && count <= SYNTHETIC_SESSIONS_MAX,
    'Expected 1 to 2600 sessions',
  );
  const first = sessionOf(firstTradeDate);
  assert(first !== null, `Expected a date with a session, was ${firstTradeDate}`);
  const sessions = [first];
  while (sessions.length < count) sessions.push(nextSession(sessions[sessions.length - 1]!.open_us));
  return sessions;
}

function barOf(
  instrument: Instrument,
  open_us: number,
  interval_us: number,
  minutes: readonly Minute[],
): Bar {
  const first = minutes[0]!;
  const last = minutes[minutes.length - 1]!;
  let { high_ticks, low_ticks } = first;
  let volume = 0;
  for (const minute of minutes) {
    high_ticks = Math.max(high_ticks, minute.high_ticks);
    low_ticks = Math.min(low_ticks, minute.low_ticks);
    volume += minute.volume;
  }
  return {
    symbol: instrument.symbol,
    open_us,
    interval_us,
    tick_size_e4: instrument.tick_size_e4,
    open_ticks: first.open_ticks,
    high_ticks,
    low_ticks,
    close_ticks: last.close_ticks,
    volume,
    revision: 0,
    bid_size: null,
    ask_size: null,
    last_trade_dir: null,
  };
}

/**
 * Made-up bars that look like a futures market: calendar, tick grid, the daily course of volatility and volume, calm and
 * volatile days, the four regimes, compressions before expansions.
 *
 * No edge is planted: directions are drawn with equal odds and the returns have no drift. Within a phase there is the
 * weak persistence or reversal that makes it one. A result on these bars says that the machinery works and nothing
 * about a market.
 *
 * @throws BellwetherError `unknown_symbol`
 */
export function* generateSessions(options: SyntheticOptions): Generator<Bar, void, undefined> {
  const instrument = instrumentOf(options.symbol);
  const scale = SCALES.get(options.symbol);
  if (instrument === null || scale === undefined) {
    throw new BellwetherError('unknown_symbol', `Expected ES, NQ, MES or MNQ, was ${options.symbol}`);
  }
  const perBar = options.interval === '1m' ? 1 : 5;
  const seed = `${options.seed}:${options.symbol}:${options.firstTradeDate}`;
  const path = new PricePath(numberSource(seed), scale);
  let closed_us: number | null = null;
  for (const session of sessionsFrom(options.firstTradeDate, options.sessions)) {
    const pause_us = session.open_us - (closed_us ?? session.open_us);
    path.openSession(pause_us > 12 * 60 * MINUTE_US);
    closed_us = session.close_us;
    const minutes = (session.close_us - session.open_us) / MINUTE_US;
    for (let at = 0; at < minutes; at += perBar) {
      const held: Minute[] = [];
      for (let i = at; i < at + perBar; i++) held.push(path.minute(i));
      const open_us = session.open_us + at * MINUTE_US;
      // Up to 2021 the market halts in the afternoon; its price is another one after that.
      if (!isHalted(session, open_us)) yield barOf(instrument, open_us, perBar * MINUTE_US, held);
    }
  }
}
