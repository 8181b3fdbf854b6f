import { BellwetherError } from '@bellwether/contracts';

const HOUR_US = 3_600_000_000;
const MINUTE_US = 60_000_000;

/**
 * Wall times of an IANA zone as instants, by the tables that Node carries. Wall times are microseconds as if they were
 * UTC.
 */
export class WallZone {
  readonly #format: Intl.DateTimeFormat | null;
  /** Wall hour of the last answer, and what it was. */
  #hour = NaN;
  #offset_us: number | null = 0;

  /** @throws BellwetherError `usage` for a name that is no zone */
  constructor(readonly name: string) {
    try {
      const options = { timeZone: name, hourCycle: 'h23' } as const;
      const parts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
      const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
      const format = new Intl.DateTimeFormat('en-US', { ...options, ...parts, ...clock });
      this.#format = format.resolvedOptions().timeZone === 'UTC' ? null : format;
    } catch (cause) {
      throw new BellwetherError(
        'usage',
        `Expected an IANA time zone such as UTC or America/New_York, was ${JSON.stringify(name)}`,
        [],
        { cause },
      );
    }
  }

  /** Microseconds to add to UTC for wall time at an instant. */
  offsetAt(utc_us: number): number {
    if (this.#format === null) return 0;
    const second_ms = Math.floor(utc_us / 1_000_000) * 1_000;
    const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of this.#format.formatToParts(second_ms)) {
      if (type in part) part[type as keyof typeof part] = Number(value);
    }
    const { year, month, day, hour, minute, second } = part;
    return (Date.UTC(year, month - 1, day, hour, minute, second) - second_ms) * 1_000;
  }

  /** On which of these days (since 1970, of the wall clock) noon is another instant in another zone. */
  differsFrom(other: WallZone, days: Iterable<number>): readonly number[] {
    const noon = (day: number): number => (day * 24 + 12) * HOUR_US;
    return [...days].filter((day) => this.toUtc(noon(day)) !== other.toUtc(noon(day)));
  }

  /** The instant of a wall time; null where the clock skips it or shows it twice. */
  toUtc(wall_us: number): number | null {
    if (this.#format === null) return wall_us;
    // Clocks change on a quarter hour everywhere; the answer holds for all of it.
    const quarter = Math.floor(wall_us / (15 * MINUTE_US));
    if (quarter !== this.#hour) {
      this.#hour = quarter;
      this.#offset_us = this.#onlyOffset(quarter * 15 * MINUTE_US);
    }
    return this.#offset_us === null ? null : wall_us - this.#offset_us;
  }

  #onlyOffset(wall_us: number): number | null {
    const near = this.offsetAt(wall_us - this.offsetAt(wall_us));
    const around = new Set([
      near,
      this.offsetAt(wall_us - near - 6 * HOUR_US),
      this.offsetAt(wall_us - near + 6 * HOUR_US),
    ]);
    const fitting = [...around].filter((offset) => this.offsetAt(wall_us - offset) === offset);
    return fitting.length === 1 ? fitting[0]! : null;
  }
}
