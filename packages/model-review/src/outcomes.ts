import { IntentKind, ReasonCode, type Bar, type Frame, type Setup } from '@bellwether/contracts';
import { decisionId } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import {
  FORECAST_HORIZON_US,
  REGIME_CLASSES,
  classOf,
  labelsAfter,
  newLabelMemory,
  type LabelBar,
  type LabelMemory,
} from '@bellwether/training';
import type { ReviewedModel } from './shadow-line.js';

/** What came of a question, once it is known. Of the same market facts as the labels that the models are trained on. */
export interface Outcome {
  readonly model: ReviewedModel;
  /** Of the question: {@link keyOfBar} or the id of the decision. */
  readonly key: string;
  /** Class that came, counted from 0. */
  readonly outcome: number;
  /** Outcomes are counted apart by it: the arm of a trade. */
  readonly group: string;
  /** yyyymmdd of the session. */
  readonly session: number;
  /** When the question could be put, and when its outcome was known. */
  readonly start_us: number;
  readonly end_us: number;
}

interface SymbolOutcomes {
  readonly symbol: string;
  readonly labels: LabelMemory;
  /** Closes that wait for the one 15 minutes later, the oldest first. */
  closes: readonly LabelBar[];
}

/** An entered trade that has not ended. */
interface OpenTrade {
  readonly key: string;
  readonly start_us: number;
}

/** How often each class came, by model and group. */
interface ClassCounts {
  readonly model: ReviewedModel;
  readonly group: string;
  readonly counts: number[];
}

/** Plain data, changed in place. Bounded by symbols, the horizon of a label, and {@link TRADES_MAX}. */
export interface OutcomeBook {
  readonly symbols: SymbolOutcomes[];
  trades: readonly OpenTrade[];
  readonly counts: ClassCounts[];
}

/** Trades whose end never came are forgotten. */
const TRADES_MAX = 200;
const CLASSES: Readonly<Record<ReviewedModel, number>> = {
  regime_classifier: REGIME_CLASSES.length,
  rl_model: 2,
  confidence_prediction: 2,
};

export const newOutcomeBook = (): OutcomeBook => ({ symbols: [], trades: [], counts: [] });

/** Names the question that was put at the close of a bar. */
export const keyOfBar = (symbol: string, close_us: number): string => `${symbol}:${close_us}`;

/** The setup that a frame enters, or null. */
export function enteredSetup({ risk, bandit }: Frame): Setup | null {
  if (!(risk?.intents ?? []).some(({ kind }) => kind === IntentKind.ENTER)) return null;
  return bandit?.candidates[bandit.chosen ?? -1]?.setup ?? null;
}

/** The bar that a frame decided on, or null. */
export function takenBar({ entry, features }: Frame): Bar | null {
  const taken = features?.fault === null && features.reason === ReasonCode.OK && features.vector !== null;
  return taken ? (entry?.bar ?? null) : null;
}

/** The outcomes that a frame makes known, in order. */
export function outcomesAfter(book: OutcomeBook, frame: Frame): readonly Outcome[] {
  const known = [...barsOf(frame).flatMap((bar) => ofBar(book, bar.symbol, bar)), ...ofTrades(book, frame)];
  for (const one of known) countsOf(book, one.model, one.group)[one.outcome]! += 1;
  return known;
}

/** The usual shares of the classes among all outcomes known by now, one of each added. */
export function baseRate(book: OutcomeBook, model: ReviewedModel, group: string): readonly number[] {
  const counts = countsOf(book, model, group);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count + 1) / (total + counts.length));
}

function countsOf(book: OutcomeBook, model: ReviewedModel, group: string): number[] {
  const known = book.counts.find((one) => one.model === model && one.group === group);
  if (known !== undefined) return known.counts;
  const counts = new Array<number>(CLASSES[model]).fill(0);
  book.counts.push({ model, group, counts });
  return counts;
}

type SymbolBar = LabelBar & { readonly symbol: string };

/** Bars that a frame brings: one that was decided on, or those of a warm-up. */
function barsOf(frame: Frame): readonly SymbolBar[] {
  const warmup = frame.entry?.warmup ?? null;
  if (warmup !== null) {
    const { symbol, interval_us, open_us, close_ticks } = warmup;
    return open_us.map((at, i) => ({
      ...{ symbol, interval_us, open_us: at, trade_date: tradeDateAt(at), close_ticks: close_ticks[i] ?? 0 },
    }));
  }
  const bar = takenBar(frame);
  if (bar === null) return [];
  const { symbol, interval_us, open_us, close_ticks } = bar;
  return [{ symbol, interval_us, open_us, trade_date: tradeDateAt(open_us), close_ticks }];
}

function symbolOf(book: OutcomeBook, symbol: string): SymbolOutcomes {
  const known = book.symbols.find((one) => one.symbol === symbol);
  if (known !== undefined) return known;
  const own: SymbolOutcomes = { symbol, labels: newLabelMemory(), closes: [] };
  book.symbols.push(own);
  return own;
}

function ofBar(book: OutcomeBook, symbol: string, bar: LabelBar): readonly Outcome[] {
  const own = symbolOf(book, symbol);
  const end_us = bar.open_us + bar.interval_us;
  const outcome = (model: ReviewedModel, of: LabelBar, came: number): Outcome => {
    const start_us = of.open_us + of.interval_us;
    const key = keyOfBar(symbol, start_us);
    return { model, key, outcome: came, group: '', session: of.trade_date, start_us, end_us };
  };
  const regimes = labelsAfter(own.labels, bar).flatMap((label): Outcome[] => {
    const came = classOf(label);
    return came === null ? [] : [outcome('regime_classifier', label.bar, came)];
  });
  const due = own.closes.find(
    (one) => one.open_us + FORECAST_HORIZON_US === bar.open_us && one.trade_date === bar.trade_date,
  );
  own.closes = [...own.closes.filter((one) => one.open_us + FORECAST_HORIZON_US > bar.open_us), bar];
  // An equal price is no label.
  if (due === undefined || due.close_ticks === bar.close_ticks) return regimes;
  return [...regimes, outcome('rl_model', due, bar.close_ticks > due.close_ticks ? 1 : 0)];
}

function ofTrades(book: OutcomeBook, frame: Frame): readonly Outcome[] {
  const ended = frame.portfolio?.closed ?? [];
  const outcomes = ended.flatMap((trade): Outcome[] => {
    const open = book.trades.find(({ key }) => key === trade.decision_id);
    if (open === undefined) return [];
    const { key, start_us } = open;
    return [
      {
        ...{ model: 'confidence_prediction', key, outcome: trade.net_cents > 0 ? 1 : 0 },
        ...{ group: String(trade.strategy), session: tradeDateAt(start_us - 1), start_us },
        end_us: Math.max(trade.closed_us, start_us),
      },
    ];
  });
  const gone = new Set(outcomes.map(({ key }) => key));
  if (gone.size > 0) book.trades = book.trades.filter(({ key }) => !gone.has(key));
  if (enteredSetup(frame) !== null) {
    const open = { key: decisionId(frame.book, frame.seq), start_us: frame.book_time_us };
    book.trades = [...book.trades, open].slice(-TRADES_MAX);
  }
  return outcomes;
}
