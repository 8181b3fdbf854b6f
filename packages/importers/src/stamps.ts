const DAY_US = 86_400_000_000;
const NO_DAY = -1;

/** Days since 1970-01-01 of a date; NaN where there is no such date. */
function dayNumber(year: number, month: number, day: number): number {
  if (!(year >= 1970 && year <= 2200)) return NaN;
  const date = new Date(Date.UTC(year, month - 1, day));
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? date.getTime() / 86_400_000 : NaN;
}

/** Microseconds at the start of a date, as if it were UTC. Bars of one day follow each other, so the last day is kept. */
export class Dates {
  #key = NO_DAY;
  #start_us = NaN;

  start(year: number, month: number, day: number): number {
    const key = (year * 100 + month) * 100 + day;
    if (key !== this.#key) {
      this.#key = key;
      this.#start_us = dayNumber(year, month, day) * DAY_US;
    }
    return this.#start_us;
  }
}

/** Microseconds of a time of day; NaN where there is none. */
export function clock(hour: number, minute: number, second: number): number {
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return NaN;
  return ((hour * 60 + minute) * 60 + second) * 1_000_000;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

export interface IsoStamp {
  /** As if the offset were zero. */
  readonly wall_us: number;
  /** Null where the text names none. */
  readonly offset_us: number | null;
}

/** Reads `2025-09-15T13:30:00Z` and its kin; null where it is none. Beyond microseconds, digits are cut. */
export function isoStamp(text: string, dates: Dates): IsoStamp | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match;
  const whole =
    dates.start(Number(year), Number(month), Number(day)) +
    clock(Number(hour), Number(minute), Number(second));
  if (Number.isNaN(whole)) return null;
  const wall_us = whole + Number(fraction.slice(0, 6).padEnd(6, '0'));
  return { wall_us, offset_us: zone === undefined ? null : offsetOf(zone) };
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000_000;
}

/**
 * Watches the offsets that a file writes beside its times: two of them one hour apart are winter and summer of one zone;
 * anything else is two zones in one file.
 */
export class Offsets {
  readonly #seen = new Set<number>();

  /** Null, or why the time cannot stand among those before. */
  doubt(offset_us: number | null): string | null {
    if (offset_us === null) {
      return 'The time names no zone; the file must write an offset (such as Z or -05:00) in every row';
    }
    if (this.#seen.has(offset_us)) return null;
    if (this.#seen.size > 0) {
      const hour = 3_600_000_000;
      const apart = [...this.#seen].every((other) => Math.abs(other - offset_us) === hour);
      if (!apart || this.#seen.size > 1) return 'The offset is of another zone than that of the rows before';
    }
    this.#seen.add(offset_us);
    return null;
  }
}
