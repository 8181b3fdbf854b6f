import {
  BellwetherError,
  EntryKind,
  decodeEntry,
  subjects,
  type Clock,
  type DataOrigin,
  type Entry,
} from '@bellwether/contracts';
import type { Bus } from '@bellwether/bus';
import { pause } from '@bellwether/host';
import {
  CALENDAR_ENDED,
  IDLE_RUN_MAX,
  afterEntry,
  clockHeadAt,
  nextClock,
  type ClockHead,
  type ClockRule,
} from './clock-rule.js';
import { appendInput, type AppendInputOptions } from './ingestion-service.js';
import { clockEntry } from './market-entries.js';

/** Longest time without a look at what came in, so that an idle entry is not written after a bar arrived. */
const LOOK_EVERY_MS = 1_000;

/** Boundaries missed while nothing ran are written after a start, but none older than this. */
const CATCH_UP_MAX_US = 7 * 86_400_000_000;

export interface LiveClockOptions extends AppendInputOptions {
  readonly book: string;
  readonly rule: ClockRule;
  readonly origin: DataOrigin;
  /** Microseconds UTC. */
  readonly nowUs: () => number;
  readonly onClock?: (clock: Clock) => void;
}

async function lastInput(bus: Bus, book: string): Promise<Entry | null> {
  const stored = await bus.last(subjects.inputOf(book));
  return stored === null ? null : decodeEntry(stored.data);
}

/** Where the clock stood when the last input was written. */
function headAfterInput(last: Entry | null, now_us: number): ClockHead {
  if (last === null) return clockHeadAt(now_us);
  const head = clockHeadAt(Math.max(last.known_us, now_us - CATCH_UP_MAX_US));
  // The boundary at the very time of another entry comes after it, so it may be missing still; that of a clock entry
  // is written.
  return last.kind === EntryKind.CLOCK ? { ...head, last_boundary_us: head.last_entry_us } : head;
}

/** What was missed while nothing ran: the boundaries. Idle entries of that time would tell nothing any more. */
function missed(rule: ClockRule, head: ClockHead, now_us: number): readonly Clock[] {
  return nextClock(rule, { ...head, idle_run: IDLE_RUN_MAX }, now_us).due;
}

/**
 * Writes the clock entries of a live book until the signal ends it: first the boundaries that were missed, then by the
 * same rule as a replay.
 *
 * @throws BellwetherError `no_calendar` after the last session of the calendar; what {@link appendInput} throws
 */
export async function runLiveClock(options: LiveClockOptions): Promise<void> {
  const { bus, book, rule, origin, nowUs, signal, onClock, wait = pause } = options;
  const write = async (clocks: readonly Clock[]): Promise<void> => {
    for (const clock of clocks) {
      if ((await appendInput(options, clockEntry(book, clock, origin))) === null) return;
      onClock?.(clock);
    }
  };
  const started_us = nowUs();
  await write(missed(rule, headAfterInput(await lastInput(bus, book), started_us), started_us));
  let head: ClockHead = { ...clockHeadAt(started_us), last_boundary_us: started_us };
  while (!signal.aborted) {
    const last = await lastInput(bus, book);
    if (last !== null && last.kind !== EntryKind.CLOCK && last.known_us > head.last_entry_us) {
      head = afterEntry(head, last.known_us);
    }
    const next = nextClock(rule, head, nowUs());
    await write(next.due);
    head = next.head;
    if (next.next_check_us === CALENDAR_ENDED) {
      throw new BellwetherError('no_calendar', `${book}: The trading calendar has no session any more`);
    }
    await wait(Math.min(LOOK_EVERY_MS, Math.max(1, (next.next_check_us - nowUs()) / 1_000)), signal);
  }
}
