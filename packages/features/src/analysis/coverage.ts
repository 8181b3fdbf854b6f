import { type ReasonCode } from '@bellwether/contracts';
import { sessionAt } from '@bellwether/market';
import { FEATURES } from '../feature-set.js';
import type { BarSource, FeatureProgram } from './feature-program.js';
import { valuesOf } from './vector-values.js';

/** Where one feature has values in a file, and which. */
export interface FeatureCoverage {
  /** Bars with a value. */
  readonly present: number;
  /** Bars without one, by reason, the most frequent first. */
  readonly missing: readonly { readonly reason: ReasonCode; readonly bars: number }[];
  /** The first bar with a value, counted from 1, and the number of its session in the file; null where there is none. */
  readonly first_bar: number | null;
  readonly first_session: number | null;
  /** Of the values; null where there are none. */
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly deviation: number | null;
}

export interface Coverage {
  readonly bars: number;
  readonly sessions: number;
  /** Bars that were not taken, by reason. */
  readonly refused: readonly { readonly reason: ReasonCode; readonly bars: number }[];
  /** By place in the vector. */
  readonly features: readonly FeatureCoverage[];
}

/** Counts of reasons, the most frequent first. */
class ReasonCounts {
  readonly #counts = new Map<ReasonCode, number>();

  add(reason: ReasonCode): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  sorted(): readonly { readonly reason: ReasonCode; readonly bars: number }[] {
    return [...this.#counts].map(([reason, bars]) => ({ reason, bars })).sort((a, b) => b.bars - a.bars);
  }
}

/** Folds one feature's values in bounded memory; the deviation by Welford's method. */
class FeatureFold {
  readonly #missing = new ReasonCounts();
  #first: { readonly bar: number; readonly session: number } | null = null;
  #count = 0;
  #mean = 0;
  #squares = 0;
  #lowest = Infinity;
  #highest = -Infinity;

  value(value: number, bar: number, session: number): void {
    this.#first ??= { bar, session };
    this.#count += 1;
    const before = value - this.#mean;
    this.#mean += before / this.#count;
    this.#squares += before * (value - this.#mean);
    this.#lowest = Math.min(this.#lowest, value);
    this.#highest = Math.max(this.#highest, value);
  }

  missing(reason: ReasonCode): void {
    this.#missing.add(reason);
  }

  coverage(): FeatureCoverage {
    const none = this.#count === 0;
    return {
      present: this.#count,
      missing: this.#missing.sorted(),
      first_bar: this.#first === null ? null : this.#first.bar,
      first_session: this.#first === null ? null : this.#first.session,
      lowest: none ? null : this.#lowest,
      highest: none ? null : this.#highest,
      deviation: none ? null : Math.sqrt(this.#squares / this.#count),
    };
  }
}

/** Where each feature has values in a file, why it has none elsewhere, and how they are spread. */
export function coverageOf(
  program: FeatureProgram,
  bars: BarSource,
  onBars: (count: number) => void,
): Coverage {
  const folds = FEATURES.map(() => new FeatureFold());
  const refused = new ReasonCounts();
  let trade_date = 0;
  let sessions = 0;
  program(bars, (place, vector, reason) => {
    onBars(1);
    if (vector === null) {
      refused.add(reason);
      return;
    }
    const session = sessionAt(bars.at(place).open_us)?.trade_date ?? trade_date;
    if (session !== trade_date) sessions += 1;
    trade_date = session;
    valuesOf(vector).forEach((told, at) => {
      const fold = folds[at]!;
      if ('value' in told) fold.value(told.value, place + 1, sessions);
      else fold.missing(told.reason);
    });
  });
  return {
    bars: bars.length,
    sessions,
    refused: refused.sorted(),
    features: folds.map((fold) => fold.coverage()),
  };
}
