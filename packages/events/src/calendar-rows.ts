import { z } from 'zod';
import { calendarSchema, readEvent, type EventProblem, type EventRecord } from './event-schema.js';
import { isoText } from './iso-time.js';

const DAY_US = 86_400_000_000;

/** A calendar file without a column `known` counts as published so long before the month of its releases begins. */
export const CALENDAR_LEAD_DAYS = 14;

const rowSchema = z.strictObject({
  ...{ at: calendarSchema.shape.from, known: calendarSchema.shape.known },
  ...z.object({ name: z.string().min(1).max(100), tier: z.int().min(1).max(3) }).shape,
});
type Row = z.output<typeof rowSchema>;

const monthOf = (us: number): number => {
  const date = new Date(us / 1_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) * 1_000;
};
const monthAfter = (us: number): number => monthOf(us + 32 * DAY_US);
const dayOf = (us: number): number => Math.floor(us / DAY_US) * DAY_US;

/** Rows of a calendar in order of time, as one event for each month; it covers from the first day to the last. */
export class CalendarRows {
  #rows: Row[] = [];
  #from_us: number | null = null;
  #last_us = 0;

  constructor(private readonly source: string) {}

  /** What is wrong with the row; and the events of the months that it ends. */
  push(value: Record<string, unknown>): {
    readonly problems: readonly EventProblem[];
    readonly events: readonly EventRecord[];
  } {
    const result = rowSchema.safeParse(value);
    if (!result.success) {
      const problems = result.error.issues.map(({ path, message }) => ({
        path: path.map(String).join('.'),
        message,
      }));
      return { problems, events: [] };
    }
    const row = result.data;
    if (row.at < this.#last_us)
      return { problems: [{ path: 'at', message: 'Expected releases in order of time' }], events: [] };
    const before = this.#rows[0];
    const ended =
      before !== undefined && (monthOf(row.at) !== monthOf(before.at) || row.known !== before.known);
    const events = ended
      ? [this.#event(before, monthOf(row.at) === monthOf(before.at) ? dayOf(row.at) : monthOf(row.at))]
      : [];
    this.#from_us ??= dayOf(row.at);
    this.#last_us = row.at;
    this.#rows.push(row);
    return { problems: [], events };
  }

  end(): readonly EventRecord[] {
    const first = this.#rows[0];
    return first === undefined ? [] : [this.#event(first, dayOf(this.#last_us) + DAY_US)];
  }

  #event(first: Row, to_us: number): EventRecord {
    const from_us = this.#from_us ?? dayOf(first.at);
    const lead_us = monthOf(first.at) - CALENDAR_LEAD_DAYS * DAY_US;
    const releases = this.#rows.map(({ at, name, tier }) => ({ at: isoText(at), name, tier }));
    // A month without a release lies inside the event of the month before it.
    const to = Math.max(to_us, this.#rows.length > 0 ? first.at + 1 : monthAfter(first.at));
    this.#rows = [];
    this.#from_us = to;
    const made = readEvent({
      ...{ kind: 'calendar', source: this.source, known: isoText(first.known ?? lead_us) },
      ...{ from: isoText(from_us), to: isoText(to), releases },
    });
    if (made.event === null) throw new RangeError(made.problems.map(({ message }) => message).join('; '));
    return made.event;
  }
}
