import { EntryKind, ExecutionMode, FillLeg, Side, type BookConfig, type Entry } from '@bellwether/contracts';
import { controlFillId, fillEntryId, makeEntry } from '@bellwether/kernel';
import { instrumentOf } from '@bellwether/market';
import { feePerSideCents } from '@bellwether/portfolio';
import { slippageTicks, type Thin } from './paper-assumptions.js';
import { PAPER_SOURCE } from './paper-broker-entries.js';
import { lastBar, type BrokerState, type LastBar } from './paper-broker-state.js';

/** Bars after which the last price is too old to be filled at. */
const PRICE_BARS_MAX = 3;

/** What is known of one symbol without the stages. */
interface Held {
  /** Signed: + long, - short. */
  readonly net: number;
  readonly decision_id: string | null;
}

/**
 * The fills by which a command closes a paper book at once, without a word of the stages (ADR 0022). `undecided` are the
 * entries of the journal behind the last decision that `state` has folded; `waiting` is the newest raw bar that is not in
 * the journal, where there is one.
 *
 * Null where nobody can say yet what is open: a bar is half written, or a correction or a reported close is undecided.
 * A symbol without a fresh price is left to the CLOSE order that risk gives for the same command. An external book has
 * no fills of ours.
 */
export function controlFills(
  state: BrokerState,
  undecided: readonly Entry[],
  waiting: Entry | null,
  command: Entry,
): readonly Entry[] | null {
  const { config } = state;
  if (config === null || config.execution !== ExecutionMode.PAPER) return [];
  if (!isWhole(state, undecided)) return null;
  const bars = barsOf(state, waiting === null ? undecided : [...undecided, waiting]);
  return [...heldOf(state, undecided)].flatMap(([symbol, held]) => {
    const thin = { last: bars.get(symbol) ?? null, calendar: state.calendar };
    const fill = closingFill(config, thin, symbol, held, command);
    return fill === null ? [] : [fill];
  });
}

const causeOf = ({ fill, order_end }: Entry): string => fill?.cause_id ?? order_end?.cause_id ?? '';

function isWhole(state: BrokerState, undecided: readonly Entry[]): boolean {
  const ids = new Set(undecided.map(({ id }) => id));
  if (state.base !== null && !ids.has(state.base.cause)) return false;
  return undecided.every((entry) => {
    if (entry.close !== null || (entry.fill?.corrects_fill_id ?? null) !== null) return false;
    const cause = causeOf(entry);
    return cause === '' || ids.has(cause);
  });
}

function heldOf(state: BrokerState, undecided: readonly Entry[]): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const { symbol, side, quantity, decision_id } of state.positions) {
    held.set(symbol, { net: side === Side.SHORT ? -quantity : quantity, decision_id });
  }
  for (const { fill } of undecided) {
    if (fill === null) continue;
    const before = held.get(fill.symbol) ?? { net: 0, decision_id: null };
    const net = before.net + (fill.side === Side.SHORT ? -fill.quantity : fill.quantity);
    // A fill that opens, or turns the position, brings its own decision with it.
    const same = before.net !== 0 && Math.sign(net) === Math.sign(before.net);
    held.set(fill.symbol, { net, decision_id: same ? before.decision_id : fill.decision_id });
  }
  return held;
}

function barsOf(state: BrokerState, entries: readonly Entry[]): ReadonlyMap<string, LastBar> {
  const bars = new Map(state.bars.map((bar) => [bar.symbol, bar]));
  for (const { bar } of entries) {
    const known = bar === null ? undefined : bars.get(bar.symbol);
    if (bar === null || (known !== undefined && bar.open_us <= known.open_us)) continue;
    bars.set(bar.symbol, lastBar(bar, known ?? null));
  }
  return bars;
}

/** At the adverse extreme of the last bar (domain.md 2.2: without quotes, that is the mark), less slippage. */
function closingFill(
  config: BookConfig,
  thin: Thin,
  symbol: string,
  { net, decision_id }: Held,
  command: Entry,
): Entry | null {
  const instrument = instrumentOf(symbol);
  const bar = thin.last;
  if (net === 0 || instrument === null || bar === null) return null;
  const { book, event_us, known_us, origin, operator } = command;
  const age_us = event_us - bar.close_us;
  if (operator === null || age_us > PRICE_BARS_MAX * config.bar_interval_us) return null;
  const slip = slippageTicks(config, instrument, { open_us: event_us, interval_us: 0 }, thin);
  const quantity = Math.abs(net);
  const fill_id = controlFillId(operator.command_id, symbol);
  return makeEntry(
    {
      ...{ book, event_us, known_us, origin, source: PAPER_SOURCE },
      ...{ id: fillEntryId(fill_id), kind: EntryKind.FILL },
    },
    {
      fill: {
        ...{ fill_id, decision_id: decision_id === '' ? null : decision_id, intent_id: null, symbol },
        ...{ side: net > 0 ? Side.SHORT : Side.LONG, quantity, leg: FillLeg.CLOSE },
        price_ticks: net > 0 ? bar.low_ticks - slip : bar.high_ticks + slip,
        ...{ tick_size_e4: instrument.tick_size_e4, fill_us: event_us },
        fee_cents: quantity * feePerSideCents(config, instrument),
        ...{ cause_id: '', ambiguous: false, strategy: null, corrects_fill_id: null },
      },
    },
  );
}
