import type { FeatureVector, Indicators } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { PriceBar } from '@bellwether/indicators';
import { sessionAt, type TradeSession } from '@bellwether/market';
import { updateAnchoredVwap, type AnchoredVwap } from './anchored-vwap.js';
import { PROFILE_GAP_MAX_US, continuesRun } from './continuity.js';
import { rv30Of, startRun, updateRun, type IndicatorRun } from './indicator-run.js';
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
}

/** All that the stage remembers of one symbol. Bounded: windows and at most 60 sessions of profiles. */
export interface SymbolState {
  readonly symbol: string;
  readonly history: SymbolHistory | null;
  readonly profiles: SessionProfiles;
  /** What was said of the last live bar; null while there is none, and after warm-up bars. */
  readonly latest: { readonly vector: FeatureVector; readonly indicators: Indicators } | null;
}

export function emptySymbol(symbol: string): SymbolState {
  return { symbol, history: null, profiles: emptyProfiles(), latest: null };
}

/** The session that a bar belongs to: that of its open. Accepted bars have one. */
export function sessionOfBar(bar: { readonly open_us: number }): TradeSession {
  return present(sessionAt(bar.open_us), 'the session of an accepted bar');
}

/** A bar as it comes: everything but its place in the session. */
export type IncomingBar = Omit<AcceptedBar, 'session_start'>;

function profilesFor(state: SymbolState, session: TradeSession, open_us: number): SessionProfiles {
  const { history, profiles } = state;
  if (history === null) return profiles;
  const ended = sessionOfBar(history.last);
  if (ended.trade_date === session.trade_date) return profiles;
  if (open_us - history.last.close_us > PROFILE_GAP_MAX_US) return emptyProfiles();
  return endProfileSession(profiles, ended);
}

/**
 * Folds one bar that passed the checks into the state. `latest` is cleared: the caller says what it says of
 * the bar.
 */
export function foldBar(state: SymbolState, incoming: IncomingBar): SymbolState {
  const session = sessionOfBar(incoming);
  const { history } = state;
  const before =
    history === null ? null : { close_us: history.last.close_us, session: sessionOfBar(history.last) };
  const bar: AcceptedBar = {
    open_us: incoming.open_us,
    close_us: incoming.close_us,
    open_ticks: incoming.open_ticks,
    high_ticks: incoming.high_ticks,
    low_ticks: incoming.low_ticks,
    close_ticks: incoming.close_ticks,
    session_start: before?.session.trade_date !== session.trade_date,
    volume: incoming.volume,
  };
  const continues = before !== null && continuesRun(before, { open_us: bar.open_us, session });
  const run = updateRun(history !== null && continues ? history.run : startRun(bar), bar);
  const profiles = profilesFor(state, session, bar.open_us);
  return {
    symbol: state.symbol,
    history: { last: bar, run, vwap: updateAnchoredVwap(history?.vwap ?? null, session, bar, continues) },
    profiles: observeBar(profiles, session, bar, rv30Of(run)),
    latest: null,
  };
}
