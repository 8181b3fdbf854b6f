import type { FeatureVector, Indicators } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { atrOf, type PriceBar } from '@bellwether/indicators';
import { sessionAt, type TradeSession } from '@bellwether/market';
import {
  NO_SYMBOL_STREAMS,
  endStreamSession,
  withStreamBar,
  type StreamReading,
  type SymbolStreams,
} from '@bellwether/streams';
import { updateAnchoredVwap, type AnchoredVwap } from './anchored-vwap.js';
import { updateCashRun, type CashRun } from './cash-run.js';
import { PROFILE_GAP_MAX_US, continuesRun } from './continuity.js';
import { startRun, updateRun, type IndicatorRun } from './indicator-run.js';
import {
  anchorOf,
  emptyLevels,
  endLevelSession,
  isFullSession,
  updateLevels,
  type SessionLevels,
} from './session-levels.js';
import { emptyProfiles, endProfileSession, observeBar, type SessionProfiles } from './session-profiles.js';

/** A bar that passed the checks. */
export interface AcceptedBar extends PriceBar {
  readonly volume: number | null;
}

/** What is known after at least one bar. */
export interface SymbolHistory {
  readonly last: AcceptedBar;
  readonly run: IndicatorRun;
  readonly vwap: AnchoredVwap;
  /** What strategies follow from bar to bar of a cash session; null outside of one. */
  readonly cash: CashRun | null;
}

/** What is remembered of sessions; it may span gaps of up to 45 days. */
export interface SessionMemory {
  readonly levels: SessionLevels;
  readonly profiles: SessionProfiles;
}

/** All that the stage remembers of one symbol. Bounded: windows and at most 60 sessions of profiles. */
export interface SymbolState {
  readonly symbol: string;
  readonly history: SymbolHistory | null;
  readonly memory: SessionMemory;
  /** What was said of the last live bar; null while there is none, and after warm-up bars. */
  readonly latest: Told | null;
  /** What the streams beside bars get out of the bars. */
  readonly streams: SymbolStreams;
}

/** What is said of a bar. */
export interface Told {
  readonly vector: FeatureVector;
  readonly indicators: Indicators;
  readonly streams: StreamReading;
}

function emptyMemory(): SessionMemory {
  return { levels: emptyLevels(), profiles: emptyProfiles() };
}

export function emptySymbol(symbol: string): SymbolState {
  return { symbol, history: null, memory: emptyMemory(), latest: null, streams: NO_SYMBOL_STREAMS };
}

/** The session that a bar belongs to: that of its open. Accepted bars have one. */
export function sessionOfBar(bar: { readonly open_us: number }): TradeSession {
  return present(sessionAt(bar.open_us), 'the session of an accepted bar');
}

/** A bar as it comes: everything but its place in the session. */
export type IncomingBar = Omit<AcceptedBar, 'session_start'>;

/** What is remembered when a bar of another session comes than the last one's. */
function afterSession(
  memory: SessionMemory,
  ended: TradeSession,
  session: TradeSession,
  silent_us: number,
): SessionMemory {
  if (silent_us > PROFILE_GAP_MAX_US) return emptyMemory();
  const { levels, profiles } = memory;
  return {
    levels: endLevelSession(levels, ended, session),
    profiles: endProfileSession(profiles, isFullSession(levels, ended)),
  };
}

/** The bar in its session: one that is not of the last bar's trade date begins one. */
function placed(incoming: IncomingBar, session_start: boolean): AcceptedBar {
  return {
    open_us: incoming.open_us,
    close_us: incoming.close_us,
    open_ticks: incoming.open_ticks,
    high_ticks: incoming.high_ticks,
    low_ticks: incoming.low_ticks,
    close_ticks: incoming.close_ticks,
    session_start,
    volume: incoming.volume,
  };
}

/** Half a tick: a bar of one price is not infinitely quieter than usual. */
const RANGE_MIN_TICKS = 0.5;

function withBar(
  memory: SessionMemory,
  session: TradeSession,
  bar: AcceptedBar,
  { run, vwap }: SymbolHistory,
  continues: boolean,
): SessionMemory {
  return {
    levels: updateLevels(memory.levels, session, bar, continues),
    profiles: observeBar(memory.profiles, session, bar.open_us, {
      range_ticks: Math.max(bar.high_ticks - bar.low_ticks, RANGE_MIN_TICKS),
      volatility15: run.volatility15,
      volume: bar.volume,
      session_volume: vwap.state === null ? null : vwap.state.volume,
      rv30: run.rv30,
    }),
  };
}

/**
 * Folds one bar that passed the checks into the state. `latest` is cleared: the caller says what it says of
 * the bar.
 */
export function foldBar(state: SymbolState, incoming: IncomingBar): SymbolState {
  const session = sessionOfBar(incoming);
  const { history } = state;
  const last = history === null ? null : history.last;
  const ended = last === null ? null : sessionOfBar(last);
  const sameSession = ended !== null && ended.trade_date === session.trade_date;
  const bar = placed(incoming, !sameSession);
  const continues =
    last !== null && ended !== null && continuesRun(last.close_us, ended, bar.open_us, session);
  const memory =
    last === null || ended === null || sameSession
      ? state.memory
      : afterSession(state.memory, ended, session, bar.open_us - last.close_us);
  const vwap = updateAnchoredVwap(
    history === null ? null : history.vwap,
    anchorOf(session, bar.open_us),
    bar,
    continues,
  );
  const after: SymbolHistory = {
    last: bar,
    run: updateRun(history !== null && continues ? history.run : startRun(bar), bar),
    vwap,
    cash: updateCashRun(
      continues && history !== null ? history.cash : null,
      session,
      bar,
      vwap,
      memory.levels.prior,
    ),
  };
  const remembered = withBar(memory, session, bar, after, continues);
  const ends = ended !== null && !sameSession;
  const streams = ends
    ? endStreamSession(state.streams, ended, isFullSession(state.memory.levels, ended))
    : state.streams;
  return {
    symbol: state.symbol,
    history: after,
    memory: remembered,
    latest: null,
    streams: withStreamBar(streams, bar, {
      session,
      continues,
      completed: after.run.m5.completed,
      atr14_m5_ticks: atrOf(after.run.m5.atr14),
      usual_volume: remembered.profiles.now.volume,
    }),
  };
}
