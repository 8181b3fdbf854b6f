import { ReasonCode } from '@bellwether/contracts';
import type { TradeSession } from '@bellwether/market';
import type { FeatureContext } from './feature-context.js';
import { ONE_MINUTE_US } from './feature-set.js';
import { AT, put, type VectorDraft } from './vector-draft.js';

const DAY_US = 24 * 60 * ONE_MINUTE_US;
/** 17:00 to 16:00. */
const SESSION_MINUTES = 1_380;
const BEFORE_US = 30 * ONE_MINUTE_US;
const AFTER_US = 15 * ONE_MINUTE_US;

/** Times of tier-1 economic events, known in advance. Says nothing of what lies outside `from_us` to `to_us`. */
export interface EventCalendar {
  readonly from_us: number;
  readonly to_us: number;
  /** Ascending. */
  readonly events_us: readonly number[];
}

/** Index of the first event after `now_us`. */
function firstAfter(events_us: readonly number[], now_us: number): number {
  let low = 0;
  let high = events_us.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events_us[middle]! > now_us) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * How near a tier-1 event is, 0 to 1: exp(-minutes to the next / 30) or exp(-minutes since the last / 15), whichever is
 * larger. Null outside the calendar.
 */
export function eventProximity(calendar: EventCalendar, now_us: number): number | null {
  const { from_us, to_us, events_us } = calendar;
  if (now_us < from_us || now_us >= to_us) return null;
  const next = firstAfter(events_us, now_us);
  const ahead = next < events_us.length ? Math.exp((now_us - events_us[next]!) / BEFORE_US) : 0;
  const behind = next > 0 ? Math.exp((events_us[next - 1]! - now_us) / AFTER_US) : 0;
  return Math.max(ahead, behind);
}

/** The weekday of the trade date, Monday -1 to Friday 1. */
function weekdayOf(session: TradeSession): number {
  // A session closes on the UTC day of its trade date; 1970-01-01 was a Thursday, Monday is 0.
  return (((Math.floor(session.close_us / DAY_US) + 3) % 7) - 2) / 2;
}

/** M1 to M4. */
export function putTimeFeatures(draft: VectorDraft, { history, session, events }: FeatureContext): void {
  const { close_us } = history.last;
  const angle = (2 * Math.PI * (close_us - session.open_us)) / (SESSION_MINUTES * ONE_MINUTE_US);
  put(draft, AT.M1, Math.sin(angle), ReasonCode.OK);
  put(draft, AT.M2, Math.cos(angle), ReasonCode.OK);
  put(draft, AT.M3, weekdayOf(session), ReasonCode.OK);
  put(draft, AT.M4, events === null ? null : eventProximity(events, close_us), ReasonCode.NO_CALENDAR);
}
