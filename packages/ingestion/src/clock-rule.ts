import { ClockReason, type BookConfig, type Clock } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { sessionAfter, sessionAt, type TradeSession } from '@bellwether/market';

/**
 * When a book is told that time has passed (architecture.md 6): at the boundaries of the trading calendar, and when a
 * bar that was due did not come. Replay and live use this one rule.
 */

const MINUTE_US = 60_000_000;

/** How long after its close a bar may take to arrive before an idle clock entry says that it is missing. */
export const IDLE_GRACE_US = 10_000_000;

/** Idle entries in a row without a bar between them: over an hour of one-minute steps, longer than any time stop. */
export const IDLE_RUN_MAX = 60;

/** Clock entries made in one call: a bound for a call after a long pause. The next call goes on. */
export const DUE_MAX = 1_000;

/** On a short day everything is closed this long before the session ends, at the latest (domain.md 1.3). */
const SHORT_DAY_FLAT_US = 10 * MINUTE_US;

export interface ClockRule {
  readonly interval_us: number;
  /** Minutes after 17:00 Chicago of the trade date. */
  readonly flat_by_minute: number;
}

/** Where the rule stands. Plain data. */
export interface ClockHead {
  /** `known_us` of the last entry, clock entries included. */
  readonly last_entry_us: number;
  /** No boundary up to this time is due any more. */
  readonly last_boundary_us: number;
  /** Idle entries since the last entry that was not of the clock. */
  readonly idle_run: number;
}

export function clockRuleOf(config: BookConfig): ClockRule {
  const limits = present(config.limits, 'the limits of the book');
  return { interval_us: config.bar_interval_us, flat_by_minute: limits.flat_by_minute };
}

/** The head before any entry, with boundaries from this time on still to come. */
export function clockHeadAt(from_us: number): ClockHead {
  return { last_entry_us: from_us, last_boundary_us: from_us - 1, idle_run: 0 };
}

/** The head after an entry that is not of the clock. */
export function afterEntry(head: ClockHead, known_us: number): ClockHead {
  return {
    last_entry_us: Math.max(head.last_entry_us, known_us),
    last_boundary_us: head.last_boundary_us,
    idle_run: 0,
  };
}

function afterClock(head: ClockHead, clock: Clock): ClockHead {
  return {
    last_entry_us: Math.max(head.last_entry_us, clock.boundary_us),
    last_boundary_us: clock.boundary_us,
    idle_run: clock.reason === ClockReason.IDLE ? head.idle_run + 1 : head.idle_run,
  };
}

/** Boundaries of a session in time order. Where two fall together, the one that means more (closes more) stands. */
function boundariesOf(session: TradeSession, rule: ClockRule): readonly Clock[] {
  const wanted_flat_us = session.open_us + rule.flat_by_minute * MINUTE_US;
  const flat_us = session.full_day
    ? wanted_flat_us
    : Math.min(wanted_flat_us, session.close_us - SHORT_DAY_FLAT_US);
  const all: readonly Clock[] = [
    { boundary_us: session.close_us, reason: ClockReason.SESSION_CLOSE },
    { boundary_us: Math.min(flat_us, session.close_us), reason: ClockReason.FLAT_BY },
    { boundary_us: session.rth_close_us, reason: ClockReason.RTH_CLOSE },
    { boundary_us: session.rth_open_us, reason: ClockReason.RTH_OPEN },
    { boundary_us: session.open_us, reason: ClockReason.SESSION_OPEN },
  ];
  return all
    .filter(({ boundary_us }, i) => all.findIndex((other) => other.boundary_us === boundary_us) === i)
    .sort((a, b) => a.boundary_us - b.boundary_us);
}

/** The first calendar boundary after this time, or null where the calendar ends. */
function boundaryAfter(us: number, rule: ClockRule): Clock | null {
  // A session's close is no longer inside it, so the session that holds `us` always has a boundary left.
  const session = sessionAt(us) ?? sessionAfter(us);
  if (session === null) return null;
  const found = boundariesOf(session, rule).find(({ boundary_us }) => boundary_us > us);
  return present(found, 'a boundary of the session');
}

/** Time of the next boundary of the calendar, {@link CALENDAR_ENDED} at its end. Stays while no clock entry comes. */
export function nextBoundaryUs(rule: ClockRule, head: ClockHead): number {
  return boundaryAfter(head.last_boundary_us, rule)?.boundary_us ?? CALENDAR_ENDED;
}

/** No idle entry is due before this time. */
export function idleFrom(rule: ClockRule, head: ClockHead): number {
  return head.last_entry_us + rule.interval_us + IDLE_GRACE_US;
}

/** When the next idle entry is due, or null outside sessions. No bar is due in the afternoon halt: it counts from its end. */
function idleAt(rule: ClockRule, head: ClockHead): number | null {
  const idle_us = idleFrom(rule, head);
  const session = sessionAt(idle_us);
  if (session === null) return null;
  const { halt_from_us, halt_to_us } = session;
  if (halt_from_us === null || halt_to_us === null || idle_us < halt_from_us) return idle_us;
  return Math.max(idle_us, halt_to_us + rule.interval_us + IDLE_GRACE_US);
}

/** The next clock entry if nothing else comes before it; null where the calendar ends. */
function upcoming(rule: ClockRule, head: ClockHead): Clock | null {
  const boundary = boundaryAfter(head.last_boundary_us, rule);
  if (boundary === null || head.idle_run >= IDLE_RUN_MAX) return boundary;
  const idle_us = idleAt(rule, head);
  const idle = idle_us !== null && idle_us < boundary.boundary_us && idle_us > head.last_boundary_us;
  return idle ? { boundary_us: idle_us, reason: ClockReason.IDLE } : boundary;
}

export interface NextClock {
  /** What is due by now, in order; at most {@link DUE_MAX}. */
  readonly due: readonly Clock[];
  /** The head once all of `due` is written. */
  readonly head: ClockHead;
  /** When to ask again if no entry comes. Not after now where more is due already; {@link CALENDAR_ENDED} at the end. */
  readonly next_check_us: number;
}

/** The answer where the calendar knows of no further boundary. */
export const CALENDAR_ENDED = Number.MAX_SAFE_INTEGER;

/**
 * Clock entries that are due at `now_us` (inclusive). Asking often or seldom gives the same ones: an idle entry is due
 * one bar interval and 10 s after the last entry while a session is open, and again after each further such step.
 */
export function nextClock(rule: ClockRule, head: ClockHead, now_us: number): NextClock {
  const due: Clock[] = [];
  let at = head;
  while (due.length < DUE_MAX) {
    const clock = upcoming(rule, at);
    if (clock === null) return { due, head: at, next_check_us: CALENDAR_ENDED };
    if (clock.boundary_us > now_us) return { due, head: at, next_check_us: clock.boundary_us };
    due.push(clock);
    at = afterClock(at, clock);
  }
  return { due, head: at, next_check_us: now_us };
}
