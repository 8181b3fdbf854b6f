import { ReasonCode } from '@bellwether/contracts';
import type { TradeSession } from '@bellwether/market';
import { eventProximity } from '@bellwether/streams';
import type { FeatureContext } from './feature-context.js';
import { ONE_MINUTE_US } from './feature-set.js';
import { AT, put, type VectorDraft } from './vector-draft.js';

const DAY_US = 24 * 60 * ONE_MINUTE_US;
/** 17:00 to 16:00. */
const SESSION_MINUTES = 1_380;

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
