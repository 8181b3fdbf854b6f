/** Entries and seeded bars for the tests of this package. Nothing of it is market data. */
import {
  CONTRACT_VERSION,
  ClockReason,
  DataOrigin,
  EntryKind,
  ExecutionMode,
  FillLeg,
  Policy,
  Side,
  type AuxEvent,
  type Bar,
  type BookConfig,
  type Entry,
  type FeaturesPart,
  type Signal,
  type Warmup,
  Selection,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, makeEntry, openFrame, present } from '@bellwether/kernel';
import { nextSession, sessionOf, type TradeSession } from '@bellwether/market';
import { stage, type FeaturesState } from './stage.js';

export const MINUTE_US = 60_000_000;

/** 2025-09-15, a full day. */
export const MONDAY: TradeSession = present(sessionOf(20250915), 'a full day');

function base(id: string, kind: EntryKind, event_us: number) {
  const origin = DataOrigin.SYNTHETIC;
  return { book: 'test', id, kind, event_us, known_us: event_us, source: 'test', origin };
}

export function configOf(symbols: readonly string[], bar_interval_us = MINUTE_US): BookConfig {
  return {
    book: 'test',
    symbols: symbols.map((symbol) => ({ symbol, slippage_ticks: 1, fee_per_side_cents: 140 })),
    bar_interval_us,
    policy: Policy.RULES,
    execution: ExecutionMode.PAPER,
    decide_on_bar_close: true,
    valid_for_us: 5_000_000,
    risk_per_trade_cents: 10_000,
    limits: {
      profile: 'test',
      max_total_contracts: 5,
      max_es_contracts: 3,
      max_nq_contracts: 2,
      max_step_contracts: 2,
      daily_soft_loss_cents: 60_000,
      daily_kill_loss_cents: 90_000,
      last_entry_minute: 1_305,
      flat_by_minute: 1_325,
    },
    account: null,
    micros: false,
    management: null,
    paper: null,
    degraded: null,
    bandit: {
      ucb_c: 0.5,
      min_count: 5,
      probability_floor: 0.05,
      selection: Selection.UCB1,
      linucb_alpha: 0.3,
      linucb_ridge: 1,
      linucb_kept: 0,
      record_kept: 0,
      no_trials: false,
      ...{ neural_alpha: 0, neural_ridge: 0, neural_kept: 0, epsilon: 0 },
    },
    strategies: [],
    streams: null,
    models: null,
    regime: null,
    evidence: null,
  };
}

export function releaseEntry(config: BookConfig = configOf(['ES'])): Entry {
  const release = { number: 1, contract_version: CONTRACT_VERSION, stages: [], config };
  return makeEntry(base('release:1', EntryKind.RELEASE, MONDAY.open_us), { release });
}

/** A quiet minute of ES at 6600, at Monday's open unless told otherwise. */
export function barOf(overrides: Partial<Bar> = {}): Bar {
  return {
    symbol: 'ES',
    open_us: MONDAY.open_us,
    interval_us: MINUTE_US,
    tick_size_e4: 2_500,
    open_ticks: 26_400,
    high_ticks: 26_404,
    low_ticks: 26_398,
    close_ticks: 26_402,
    volume: 100,
    revision: 0,
    bid_size: null,
    ask_size: null,
    last_trade_dir: null,
    ...overrides,
  };
}

export function barEntry(bar: Bar): Entry {
  return makeEntry(base(`bar:${bar.symbol}:${bar.open_us}`, EntryKind.BAR, bar.open_us + bar.interval_us), {
    bar,
  });
}

export function signalEntry(symbol: string, event_us: number): Entry {
  const signal: Signal = {
    signal_id: 's1',
    symbol,
    strategy: null,
    side: null,
    stop_distance_ticks: null,
    cloud: null,
    ts_us: null,
  };
  return makeEntry(base('signal:s1', EntryKind.SIGNAL, event_us), { signal });
}

/** Of one stream beside bars; known when it happened. */
export function auxEntry(content: Partial<AuxEvent>, event_us = MONDAY.open_us): Entry {
  const aux: AuxEvent = { options: null, news: null, economic: null, ...content };
  return makeEntry(base(`aux:${event_us}`, EntryKind.AUX, event_us), { aux });
}

export function clockEntry(boundary_us: number): Entry {
  const clock = { boundary_us, reason: ClockReason.IDLE };
  return makeEntry(base(`clock:${boundary_us}`, EntryKind.CLOCK, boundary_us), { clock });
}

export function fillEntry(symbol: string, fill_us: number): Entry {
  const fill = {
    fill_id: 'f1',
    decision_id: null,
    intent_id: null,
    symbol,
    side: Side.LONG,
    quantity: 1,
    price_ticks: 26_400,
    tick_size_e4: 2_500,
    fee_cents: 140,
    fill_us,
    leg: FillLeg.ENTRY,
    cause_id: '',
    ambiguous: false,
    strategy: null,
    corrects_fill_id: null,
  };
  return makeEntry(base('fill:f1', EntryKind.FILL, fill_us), { fill });
}

/** The bars of one trade date in columns. They must agree in symbol and interval. */
export function warmupOf(bars: readonly Bar[], trade_date = MONDAY.trade_date): Warmup {
  const first = present(bars[0], 'at least one bar');
  const volume_known = bars.every((bar) => bar.volume !== null);
  return {
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
}

export function warmupEntry(warmup: Warmup, event_us = MONDAY.open_us): Entry {
  return makeEntry(base(`warmup:${warmup.trade_date}`, EntryKind.WARMUP, event_us), { warmup });
}

/** One session of a random walk in ticks, with a day's shape in range and volume. */
export function sessionBars(
  uniform: () => number,
  session: TradeSession,
  options: {
    readonly start_ticks?: number;
    readonly overrides?: Partial<Bar>;
    readonly interval_us?: number;
  } = {},
): Bar[] {
  const interval_us = options.interval_us ?? MINUTE_US;
  const bars: Bar[] = [];
  let price = options.start_ticks ?? 26_400;
  for (let open_us = session.open_us; open_us < session.close_us; open_us += interval_us) {
    const inRth = open_us >= session.rth_open_us && open_us < session.rth_close_us;
    const wide = inRth ? 25 : 9;
    const open_ticks = price + Math.floor(uniform() * 3) - 1;
    const close_ticks = open_ticks + Math.floor(uniform() * wide) - (wide >> 1);
    price = close_ticks;
    bars.push(
      barOf({
        open_us,
        interval_us,
        open_ticks,
        close_ticks,
        high_ticks: Math.max(open_ticks, close_ticks) + Math.floor(uniform() * 5),
        low_ticks: Math.min(open_ticks, close_ticks) - Math.floor(uniform() * 5),
        volume: Math.floor(uniform() * (inRth ? 3_000 : 300)),
        ...options.overrides,
      }),
    );
  }
  return bars;
}

/** The given number of sessions after one another, prices going on. */
export function manySessions(
  uniform: () => number,
  first: TradeSession,
  count: number,
  interval_us = MINUTE_US,
): Bar[][] {
  const days: Bar[][] = [];
  let session = first;
  for (let i = 0; i < count; i++) {
    const start_ticks = days.at(-1)?.at(-1)?.close_ticks ?? 26_400;
    days.push(sessionBars(uniform, session, { start_ticks, interval_us }));
    session = nextSession(session.open_us);
  }
  return days;
}

export interface Applied {
  readonly state: FeaturesState;
  readonly part: FeaturesPart;
}

export function applyEntry(state: FeaturesState, entry: Entry): Applied {
  return stage.apply(state, openFrame(FIRST_FRAME_HEAD, entry), []);
}

/** Folds entries from a state; the parts in order. */
export function applyAll(
  entries: readonly Entry[],
  from: FeaturesState = stage.initialState(),
): { readonly state: FeaturesState; readonly parts: FeaturesPart[] } {
  const parts: FeaturesPart[] = [];
  let state = from;
  for (const entry of entries) {
    const applied = applyEntry(state, entry);
    state = applied.state;
    parts.push(applied.part);
  }
  return { state, parts };
}

/** After a release of ES at one minute, these bars. The part of the last one. */
export function afterBars(bars: readonly Bar[]): Applied {
  const { state, parts } = applyAll([releaseEntry(), ...bars.map(barEntry)]);
  return { state, part: present(parts.at(-1), 'a part') };
}

/** A feature by its place in the vector: its value, or the reason why it has none. */
export function featureAt(
  part: FeaturesPart,
  index: number,
): { readonly value: number } | { readonly reason: number } {
  const vector = present(part.vector, 'a vector');
  const at = vector.present_index.indexOf(index);
  if (at >= 0) return { value: present(vector.present_value[at], 'a value') };
  return { reason: present(vector.masked_reason[vector.masked_index.indexOf(index)], 'a reason') };
}
