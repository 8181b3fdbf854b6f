import { KNOWN_GAPS, isHalted, sessionAfter, tradingMinutes, type TradeSession } from '@bellwether/market';
import { finding, type VerdictFinding } from './codes.js';
import type { SubjectKind } from './subject.js';

/** Trade dates that a message names before it says how many more there are. */
const DATES_NAMED_MAX = 8;
/** Sessions without a bar in a row that are counted one by one; a longer hole is another piece of history. */
const SESSIONS_SKIPPED_MAX = 10_000;
/** Trade dates that are kept by name, so that memory is bounded. */
const DATES_KEPT_MAX = 4_000;
/** Share of sessions, or of bars, whose absence is worth a warning rather than a note. */
const MISSING_SHARE_WARN = 0.02;

const MINUTE_US = 60_000_000;

/** Bars that a session has in a feed without gaps, an outage of the exchange left out. */
function barsExpected(session: TradeSession, interval_us: number, kind: SubjectKind): number {
  if (kind !== 'future') return Math.ceil((session.rth_close_us - session.rth_open_us) / interval_us);
  let lost_us = 0;
  for (const gap of KNOWN_GAPS) {
    const overlap_us = Math.min(gap.to_us, session.close_us) - Math.max(gap.from_us, session.open_us);
    lost_us += Math.max(0, overlap_us);
  }
  return (tradingMinutes(session) * MINUTE_US - lost_us) / interval_us;
}

function named(dates: readonly number[]): string {
  const shown = dates.slice(0, DATES_NAMED_MAX).join(', ');
  return dates.length > DATES_NAMED_MAX ? `${shown} and ${dates.length - DATES_NAMED_MAX} more` : shown;
}

/** How full a trade date is. */
export interface DateCoverage {
  readonly trade_date: number;
  readonly bars: number;
  /** 0 where the calendar does not say. */
  readonly expected: number;
  /** False on a holiday-halt or short day. */
  readonly full_day: boolean;
}

/** Which bars a file lacks by the calendar. A minute without a trade has no bar either, so this is told, not refused. */
export class SessionCoverage {
  readonly #skipped: number[] = [];
  readonly #thin: number[] = [];
  readonly #dates: DateCoverage[] = [];
  #session: TradeSession | null = null;
  #bars = 0;
  #sessions = 0;
  #missing = 0;
  #expected = 0;

  constructor(
    private readonly interval_us: number,
    private readonly kind: SubjectKind,
  ) {}

  get sessions(): number {
    return this.#sessions;
  }

  add(session: TradeSession, open_us: number): void {
    if (this.#session?.trade_date !== session.trade_date) {
      if (this.#session !== null) this.#close(this.#session, this.#sessions > 1);
      if (this.#session !== null) this.#skip(this.#session, session);
      this.#session = session;
      this.#sessions++;
      this.#bars = 0;
    }
    const inside = this.kind === 'future' || open_us < session.rth_close_us;
    if (inside && !isHalted(session, open_us)) this.#bars++;
  }

  /** `counts`: the first session of a file begins anywhere, and so does the last one end. */
  #close(session: TradeSession, counts: boolean): void {
    const expected = barsExpected(session, this.interval_us, this.kind);
    const { trade_date, full_day } = session;
    if (this.#dates.length < DATES_KEPT_MAX) {
      this.#dates.push({ trade_date, bars: this.#bars, expected, full_day });
    }
    if (!counts) return;
    this.#expected += expected;
    const missing = expected - this.#bars;
    if (missing <= 0) return;
    this.#missing += missing;
    if (this.#thin.length < DATES_KEPT_MAX) this.#thin.push(trade_date);
  }

  #skip(last: TradeSession, next: TradeSession): void {
    let between = sessionAfter(last.open_us);
    for (let i = 0; between !== null && between.open_us < next.open_us && i < SESSIONS_SKIPPED_MAX; i++) {
      if (this.kind === 'future' || between.full_day) this.#skipped.push(between.trade_date);
      between = sessionAfter(between.open_us);
    }
  }

  /** Each trade date in order, for a picture of the calendar. Ends the counting. */
  dates(): readonly DateCoverage[] {
    const session = this.#session;
    if (session !== null) this.#close(session, false);
    this.#session = null;
    return this.#dates;
  }

  findings(): readonly VerdictFinding[] {
    const found: VerdictFinding[] = [];
    const skipped = this.#skipped.length;
    const levelOf = (share: number): 'note' | 'warn' => (share > MISSING_SHARE_WARN ? 'warn' : 'note');
    if (skipped > 0) {
      const level = levelOf(skipped / (skipped + this.#sessions));
      const message = `${skipped} sessions without a bar: ${named(this.#skipped)}`;
      found.push(
        finding('missing_sessions', level, message, { sessions: skipped, of: skipped + this.#sessions }),
      );
    }
    if (this.#missing > 0) {
      const where = `${this.#thin.length} sessions (${named(this.#thin)})`;
      const level = levelOf(this.#missing / Math.max(1, this.#expected));
      const message = `${this.#missing} bars are missing inside ${where}`;
      found.push(finding('missing_bars', level, message, { bars: this.#missing, expected: this.#expected }));
    }
    return found;
  }
}
