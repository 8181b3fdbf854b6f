const MINUTES = 1_440;
const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;
/** Volumes are counted by sixteenths of a doubling: medians are right to a few hundredths. */
const BUCKETS_PER_DOUBLING = 16;
const BUCKETS = 512;
/** Days that are kept: more than a century of them. */
const DAYS_MAX = 50_000;

export type Season = 'summer' | 'winter';
export const SEASONS: readonly Season[] = ['summer', 'winter'];

/**
 * Whether all zones that change their clocks have changed them: summer from April to 24 October, winter from 8 November to
 * 7 March. The weeks between are left out.
 */
export function seasonOf(wall_us: number): Season | null {
  const date = new Date(wall_us / 1_000);
  const monthDay = (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
  if (monthDay >= 401 && monthDay <= 1_024) return 'summer';
  return monthDay >= 1_108 || monthDay <= 307 ? 'winter' : null;
}

/** How many bars each minute of the file's own day has, and their volumes, by season. A few MB, however many bars. */
export class DayProfile {
  readonly #counts = { summer: new Uint32Array(MINUTES), winter: new Uint32Array(MINUTES) };
  readonly #volumes = {
    summer: new Uint32Array(MINUTES * BUCKETS),
    winter: new Uint32Array(MINUTES * BUCKETS),
  };
  #day = NaN;
  #season: Season | null = null;
  /** A time of each season that the file has, for the offset of a zone. */
  readonly example_us: Record<Season, number | null> = { summer: null, winter: null };
  hasVolume = false;
  /** Days since 1970 of the file's own clock that have bars. */
  readonly days = new Set<number>();

  add(wall_us: number, volume: number): void {
    const day = Math.floor(wall_us / DAY_US);
    if (day !== this.#day) {
      this.#day = day;
      this.#season = seasonOf(wall_us);
      if (this.days.size < DAYS_MAX) this.days.add(day);
    }
    const season = this.#season;
    if (season === null) return;
    this.example_us[season] ??= wall_us;
    const minute = Math.floor((wall_us - day * DAY_US) / MINUTE_US);
    this.#counts[season][minute]!++;
    if (volume > 0) this.hasVolume = true;
    const bucket = Math.min(BUCKETS - 1, Math.round(BUCKETS_PER_DOUBLING * Math.log2(1 + volume)));
    this.#volumes[season][minute * BUCKETS + bucket]!++;
  }

  bars(season: Season, minute: number): number {
    return this.#counts[season][wrapped(minute)]!;
  }

  /** About the median volume of a minute; NaN without bars. */
  volume(season: Season, minute: number): number {
    const bars = this.bars(season, minute);
    return (this.#ranked(season, minute, (bars - 1) >> 1) + this.#ranked(season, minute, bars >> 1)) / 2;
  }

  /** The volume of this place, from 0, among those of a minute. */
  #ranked(season: Season, minute: number, place: number): number {
    const from = wrapped(minute) * BUCKETS;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#volumes[season][from + bucket]!;
      if (seen > place) return 2 ** (bucket / BUCKETS_PER_DOUBLING) - 1;
    }
    return NaN;
  }

  /** Bars that a usual minute of this season has: about the number of sessions. */
  sessions(season: Season): number {
    const counts = [...this.#counts[season]].filter((count) => count > 0).sort((a, b) => a - b);
    return counts[counts.length >> 1] ?? 0;
  }

  /** How many minutes of the day have bars in half of the sessions or more. */
  minutesTraded(season: Season): number {
    const half = this.sessions(season) / 2;
    return this.#counts[season].reduce((found, count) => found + Number(count > 0 && count >= half), 0);
  }
}

function wrapped(minute: number): number {
  return ((minute % MINUTES) + MINUTES) % MINUTES;
}
