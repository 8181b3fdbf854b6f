import {
  KNOWN_GAPS,
  isHalted,
  sessionAfter,
  sessionAt,
  tradingMinutes,
  type TradeSession,
} from '@bellwether/market';
import type { Finding } from './manifest.js';

/** Trade dates that a message names before it says how many more there are. */
const DATES_NAMED_MAX = 8;
/** Sessions without a bar in a row that are counted one by one; a longer hole is another piece of history. */
const SESSIONS_SKIPPED_MAX = 10_000;

const MINUTE_US = 60_000_000;

/** Bars that a session has in a feed without gaps, an outage of the exchange left out. */
function barsExpected(session: TradeSession, interval_us: number): number {
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

/** Which bars a file lacks by the calendar. A minute without a trade has no bar either, so this is told, not refused. */
export class SessionCoverage {
  readonly #skipped: number[] = [];
  readonly #thin: number[] = [];
  #session: TradeSession | null = null;
  #bars = 0;
  #sessions = 0;
  #missing = 0;

  constructor(private readonly interval_us: number) {}

  add(session: TradeSession, open_us: number): void {
    if (this.#session?.trade_date !== session.trade_date) {
      // The first session of a file begins anywhere, and so does the last one end.
      if (this.#session !== null && this.#sessions > 1) this.#close(this.#session);
      if (this.#session !== null) this.#skip(this.#session, session);
      this.#session = session;
      this.#sessions++;
      this.#bars = 0;
    }
    if (!isHalted(session, open_us)) this.#bars++;
  }

  #close(session: TradeSession): void {
    const missing = barsExpected(session, this.interval_us) - this.#bars;
    if (missing <= 0) return;
    this.#missing += missing;
    this.#thin.push(session.trade_date);
  }

  #skip(last: TradeSession, next: TradeSession): void {
    let between = sessionAfter(last.open_us);
    for (let i = 0; between !== null && between.open_us < next.open_us && i < SESSIONS_SKIPPED_MAX; i++) {
      this.#skipped.push(between.trade_date);
      between = sessionAfter(between.open_us);
    }
  }

  findings(): readonly Finding[] {
    const found: Finding[] = [];
    if (this.#skipped.length > 0) {
      const message = `${this.#skipped.length} sessions without a bar: ${named(this.#skipped)}`;
      found.push({ code: 'missing_sessions', message });
    }
    if (this.#missing > 0) {
      const where = `${this.#thin.length} sessions (${named(this.#thin)})`;
      found.push({ code: 'missing_bars', message: `${this.#missing} bars are missing inside ${where}` });
    }
    return found;
  }
}

/** Whether a time is the close of a session: where bars stamped by their end have one, and those by their open have none. */
export function isSessionClose(us: number): boolean {
  return sessionAt(us - 1)?.close_us === us;
}
