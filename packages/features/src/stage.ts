import {
  EntryKind,
  ReasonCode,
  type Bar,
  type BookConfig,
  type Entry,
  type FeaturesPart,
  type Warmup,
} from '@bellwether/contracts';
import { present, type Applied, type Stage } from '@bellwether/kernel';
import { marketClock } from '@bellwether/market';
import {
  NO_STREAMS,
  readStreams,
  releaseTime,
  withAux,
  withStreamsConfig,
  type BookStreams,
  type StreamReading,
  type SymbolPrice,
} from '@bellwether/streams';
import { checkBar } from './bar-checks.js';
import { vectorOf } from './feature-vector.js';
import { indicatorsOf } from './indicator-readings.js';
import {
  emptySymbol,
  foldBar,
  sessionOfBar,
  type IncomingBar,
  type SymbolState,
  type Told,
} from './symbol-state.js';

const LOGIC_VERSION = 4;

export interface FeaturesState {
  /** Of the latest release; null before the first. */
  readonly interval_us: number | null;
  /** The book's symbols, in the order of its configuration. */
  readonly symbols: readonly SymbolState[];
  /** What came beside bars. */
  readonly streams: BookStreams;
}

type Result = Applied<FeaturesState, 'features'>;

function symbolOfEntry(entry: Entry): string {
  const about = entry.bar ?? entry.signal ?? entry.fill ?? entry.order ?? entry.order_end ?? entry.warmup;
  return about?.symbol ?? '';
}

/** The state as it is after the entry, and what is said of it. */
function answer(state: FeaturesState, entry: Entry, reason: ReasonCode, told: Told | null): Result {
  const symbol = symbolOfEntry(entry);
  const known = state.symbols.find((one) => one.symbol === symbol);
  const streams = told === null ? null : told.streams;
  const part: FeaturesPart = {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    symbol,
    clock: marketClock(entry.event_us),
    last_close_ticks: known?.history?.last.close_ticks ?? null,
    last_close_us: known?.history?.last.close_us ?? null,
    vector: told === null ? null : told.vector,
    indicators: told === null ? null : told.indicators,
    aux: streams === null ? null : streams.vector,
    zones: streams === null ? NONE : streams.zones,
    releases: streams === null ? null : streams.releases,
    streams: streams === null ? NONE : streams.streams,
  };
  return { state, part };
}

const NONE: readonly never[] = [];

/** What the streams say of a symbol that has bars, at a time. */
function streamsAt(
  book: BookStreams,
  { symbol, history, streams }: SymbolState,
  now_us: number,
  atr14_m5_ticks: number | null,
  before: StreamReading | null,
): StreamReading {
  const { close_ticks } = present(history, 'history of a symbol with bars').last;
  return readStreams(book, streams, { symbol, now_us, close_ticks, atr14_m5_ticks }, before);
}

function withSymbol(state: FeaturesState, changed: SymbolState): FeaturesState {
  const symbols = state.symbols.map((one) => (one.symbol === changed.symbol ? changed : one));
  return { interval_us: state.interval_us, symbols, streams: state.streams };
}

/** A release with another bar interval starts over: windows count bars. */
function applyRelease(state: FeaturesState, config: BookConfig): FeaturesState {
  const kept = state.interval_us === config.bar_interval_us ? state.symbols : [];
  return {
    interval_us: config.bar_interval_us,
    symbols: config.symbols.map(
      ({ symbol }) => kept.find((one) => one.symbol === symbol) ?? emptySymbol(symbol),
    ),
    streams: withStreamsConfig(state.streams, config.streams),
  };
}

function incomingOf(bar: Bar): IncomingBar {
  return {
    open_us: bar.open_us,
    close_us: bar.open_us + bar.interval_us,
    open_ticks: bar.open_ticks,
    high_ticks: bar.high_ticks,
    low_ticks: bar.low_ticks,
    close_ticks: bar.close_ticks,
    volume: bar.volume,
  };
}

/** The state with the bar in it, or the reason why it is not taken. */
function take(
  known: SymbolState,
  bar: IncomingBar,
  tick_size_e4: number,
  interval_us: number,
): { readonly symbol: SymbolState; readonly reason: ReasonCode } {
  const reason = checkBar(known.symbol, bar, tick_size_e4, interval_us, known.history?.last.open_us ?? null);
  return { symbol: reason === ReasonCode.OK ? foldBar(known, bar) : known, reason };
}

function applyBar(state: FeaturesState, entry: Entry): Result {
  const bar = present(entry.bar, 'the bar of a bar entry');
  const { interval_us } = state;
  if (interval_us === null) return answer(state, entry, ReasonCode.NO_RELEASE, null);
  const known = state.symbols.find((one) => one.symbol === bar.symbol);
  if (known === undefined) return answer(state, entry, ReasonCode.UNKNOWN_SYMBOL, null);
  const { symbol, reason } = take(known, incomingOf(bar), bar.tick_size_e4, interval_us);
  if (reason !== ReasonCode.OK) return answer(state, entry, reason, null);
  const history = present(symbol.history, 'history after a bar');
  const { memory } = symbol;
  const indicators = indicatorsOf(history, memory);
  const { close_us } = history.last;
  const events = releaseTime(state.streams, close_us);
  const context = { history, memory, session: sessionOfBar(bar), indicators, events };
  const before = known.latest;
  const vector = vectorOf(context, interval_us, before === null ? null : before.vector);
  const streams = streamsAt(
    state.streams,
    symbol,
    close_us,
    indicators.atr14_m5_ticks,
    before === null ? null : before.streams,
  );
  const latest: Told = { vector, indicators, streams };
  const told = { symbol: symbol.symbol, history, memory, latest, streams: symbol.streams };
  return answer(withSymbol(state, told), entry, ReasonCode.OK, latest);
}

function warmupBar(warmup: Warmup, i: number): IncomingBar {
  const open_us = warmup.open_us[i]!;
  return {
    open_us,
    close_us: open_us + warmup.interval_us,
    open_ticks: warmup.open_ticks[i]!,
    high_ticks: warmup.high_ticks[i]!,
    low_ticks: warmup.low_ticks[i]!,
    close_ticks: warmup.close_ticks[i]!,
    volume: warmup.volume_known ? warmup.volume[i]! : null,
  };
}

function columnsAgree(warmup: Warmup): boolean {
  const { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume } = warmup;
  const columns = [open_ticks, high_ticks, low_ticks, close_ticks, ...(warmup.volume_known ? [volume] : [])];
  return columns.every((column) => column.length === open_us.length);
}

/**
 * Bars that fail the checks are left out and the first reason is told; columns of unequal length are
 * refused whole.
 */
function applyWarmup(state: FeaturesState, entry: Entry): Result {
  const warmup = present(entry.warmup, 'the bars of a warm-up entry');
  const { interval_us } = state;
  if (interval_us === null) return answer(state, entry, ReasonCode.NO_RELEASE, null);
  const known = state.symbols.find((one) => one.symbol === warmup.symbol);
  if (known === undefined) return answer(state, entry, ReasonCode.UNKNOWN_SYMBOL, null);
  if (!columnsAgree(warmup)) return answer(state, entry, ReasonCode.PRICE_IMPLAUSIBLE, null);
  let symbol = known;
  let told: ReasonCode = ReasonCode.NOT_ASKED;
  for (let i = 0; i < warmup.open_us.length; i++) {
    const taken = take(symbol, warmupBar(warmup, i), warmup.tick_size_e4, interval_us);
    symbol = taken.symbol;
    if (taken.reason !== ReasonCode.OK && told === ReasonCode.NOT_ASKED) told = taken.reason;
  }
  return answer(symbol === known ? state : withSymbol(state, symbol), entry, told, null);
}

function applySignal(state: FeaturesState, entry: Entry): Result {
  const { symbol } = present(entry.signal, 'the signal of a signal entry');
  if (state.interval_us === null) return answer(state, entry, ReasonCode.NO_RELEASE, null);
  const known = state.symbols.find((one) => one.symbol === symbol);
  if (known === undefined) return answer(state, entry, ReasonCode.UNKNOWN_SYMBOL, null);
  const { latest } = known;
  if (latest === null) return answer(state, entry, ReasonCode.NO_BAR_YET, null);
  const { vector, indicators } = latest;
  // The bars are those of before; what came beside them may be new, and time has gone on.
  const streams = streamsAt(state.streams, known, entry.event_us, indicators.atr14_m5_ticks, latest.streams);
  return answer(state, entry, ReasonCode.OK, { vector, indicators, streams });
}

function priceOf({ symbol, history }: SymbolState): readonly SymbolPrice[] {
  if (history === null) return [];
  const { close_ticks, close_us } = history.last;
  return [{ symbol, close_ticks, close_us }];
}

/** Acts from the next bar or signal on: what was said of earlier ones stays. */
function applyAux(state: FeaturesState, entry: Entry): Result {
  const streams = withAux(state.streams, entry, state.symbols.flatMap(priceOf));
  const { interval_us, symbols } = state;
  return answer({ interval_us, symbols, streams }, entry, ReasonCode.NOT_ASKED, null);
}

/**
 * First stage of the line: numbers from bars.
 *
 * A bar that fails a check leaves the state as it was, and the part says why. Indicators do not span gaps:
 * they pass over the break between two neighbouring sessions and start anew after a missing session or more
 * than 30 minutes of trading time without bars. Time-of-day profiles span up to 45 calendar days and hold
 * full sessions only: full by the calendar, with bars in 90 % of the 390 cash minutes.
 */
export const stage: Stage<FeaturesState, 'features'> = {
  name: 'features',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => ({ interval_us: null, symbols: [], streams: NO_STREAMS }),
  apply: (state, frame) => {
    const entry = present(frame.entry, 'the entry of a frame');
    switch (entry.kind) {
      case EntryKind.RELEASE: {
        const config = present(entry.release?.config, 'the configuration of a release');
        return answer(applyRelease(state, config), entry, ReasonCode.NOT_ASKED, null);
      }
      case EntryKind.WARMUP:
        return applyWarmup(state, entry);
      case EntryKind.BAR:
        return applyBar(state, entry);
      case EntryKind.SIGNAL:
        return applySignal(state, entry);
      case EntryKind.AUX:
        return applyAux(state, entry);
      default:
        return answer(state, entry, ReasonCode.NOT_ASKED, null);
    }
  },
  faulted: (fault) => ({
    logic_version: LOGIC_VERSION,
    fault,
    reason: ReasonCode.STAGE_FAULT,
    symbol: '',
    clock: null,
    last_close_ticks: null,
    last_close_us: null,
    vector: null,
    indicators: null,
    aux: null,
    zones: [],
    releases: null,
    streams: [],
  }),
};
