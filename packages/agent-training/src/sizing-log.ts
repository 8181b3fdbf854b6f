import { DataOrigin, type Frame, type SizingObservation } from '@bellwether/contracts';

/** A size as it was chosen, and what came of it until the next one of the session. */
export interface SizedStep {
  readonly seen: SizingObservation;
  /** 1 where no agent answered: then the size of the rules stood. */
  readonly multiplier: number;
  /** Change of the account to the next size or the end of the session, after costs, in R. */
  readonly reward_r: number;
  /** Null at the end of the session. */
  readonly next: SizingObservation | null;
}

export interface SizingLog {
  readonly steps: readonly SizedStep[];
  /** Trade dates of the steps. */
  readonly sessions: number;
  /** A size whose end the log does not tell. */
  readonly open: number;
  /** Market time of the newest frame. */
  readonly until_us: number;
  readonly synthetic: boolean;
}

interface Waiting {
  readonly seen: SizingObservation;
  readonly multiplier: number;
  readonly equity_cents: number;
  readonly trade_date: number;
}

/** Gathers from a book's decisions, in order, what each size was chosen on and what it earned. Mutable, for one log. */
export class SizingLogCollector {
  readonly #steps: SizedStep[] = [];
  readonly #dates = new Set<number>();
  #risk_cents = 0;
  #equity_cents: number | null = null;
  #waiting: Waiting | null = null;
  #until_us = 0;
  #synthetic = false;

  add({ entry, portfolio, sizing, book_time_us, origin }: Frame): void {
    this.#until_us = book_time_us;
    if (origin === DataOrigin.SYNTHETIC) this.#synthetic = true;
    this.#risk_cents = entry?.release?.config?.risk_per_trade_cents ?? this.#risk_cents;
    const trade_date = portfolio?.day?.trade_date ?? this.#waiting?.trade_date ?? 0;
    if (this.#waiting !== null && this.#waiting.trade_date !== trade_date) this.#end(null);
    this.#equity_cents = portfolio?.account?.equity_cents ?? this.#equity_cents;
    const seen = sizing?.observation ?? null;
    if (seen === null || this.#equity_cents === null) return;
    this.#end(seen);
    const multiplier = sizing?.multiplier ?? 1;
    this.#waiting = { seen, multiplier, equity_cents: this.#equity_cents, trade_date };
  }

  log(): SizingLog {
    return {
      steps: this.#steps,
      sessions: this.#dates.size,
      open: this.#waiting === null ? 0 : 1,
      until_us: this.#until_us,
      synthetic: this.#synthetic,
    };
  }

  #end(next: SizingObservation | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null || this.#equity_cents === null || this.#risk_cents <= 0) return;
    const { seen, multiplier, equity_cents, trade_date } = waiting;
    const reward_r = (this.#equity_cents - equity_cents) / this.#risk_cents;
    this.#steps.push({ seen, multiplier, reward_r, next });
    this.#dates.add(trade_date);
  }
}
