import { ActivityProfile } from './activity-profile.js';
import { finding, type FindingCode, type VerdictFinding } from './codes.js';
import type { Subject } from './subject.js';
import { Pairs } from './tally.js';

/**
 * Bounds of the marks that a market leaves and a random generator does not. Each was set between what the genuine files have
 * (the least over pieces of 2,000 bars of each) and what a Gaussian walk has; docs/reference/verdict.md has the table.
 */
export const MARKS = {
  /** Excess kurtosis of returns: genuine from 1.8, Gaussian 0. */
  kurtosis_min: 0.8,
  /** Lag-1 autocorrelation of absolute returns: genuine from 0.11, Gaussian 0. */
  clustering_min: 0.05,
  /** Mean absolute return of the cash session over that of the night: genuine from 1.25, flat 1. */
  day_ratio_min: 1.1,
  /** The same of volume: genuine from 1.7. */
  volume_ratio_min: 1.3,
  /** Mean of log volume at both ends of the cash session over its middle: genuine from 0.51. */
  u_shape_min: 0.1,
  /** Minutes of cash sessions that the U is looked for in: five days. */
  u_shape_minutes: 1_950,
  /** Correlation of log range and log volume: genuine from 0.70. */
  range_volume_min: 0.35,
  /** Lag-1 autocorrelation of log volume: genuine from 0.66. */
  volume_memory_min: 0.3,
  /** Share of bars that open at the close before: genuine up to 0.64. */
  chained_max: 0.97,
  /** Correlation of range and volume within one hour of the day: genuine from 0.24. */
  odd_hour_max: 0.1,
  odd_hour_bars: 200,
  /** One-minute standard deviation in basis points, from mean absolute returns: genuine 1.47 to 3.90, the invented file 26.9. */
  sigma: { low: 0.25, high: 15, refuse_high: 22 },
  /** Returns below which no mark is looked for. */
  returns_min: 1_500,
  /** Bars of the day and of the night below which the two are not compared. */
  part_min: 150,
  /** Marks of a generator that together refuse a file; fewer are told. */
  signs_refuse: 2,
} as const;

const HOURS = 24;
const BASIS_POINTS = 10_000;
/** Standard deviation of a normal distribution for a mean absolute value of one. */
const SD_PER_MEAN = Math.sqrt(Math.PI / 2);

class Mean {
  count = 0;
  #sum = 0;

  add(value: number): void {
    this.count++;
    this.#sum += value;
  }

  get value(): number {
    return this.count === 0 ? 0 : this.#sum / this.count;
  }
}

/** Numbers about a file that a market leaves its marks on. Null: not enough, or not known. */
export interface MarketNumbers {
  readonly returns: number;
  readonly kurtosis: number | null;
  readonly clustering: number | null;
  /** Basis points of a minute. */
  readonly sigma: number | null;
  readonly day_ratio: number | null;
  readonly volume_ratio: number | null;
  readonly u_shape: number | null;
  readonly range_volume: number | null;
  readonly volume_memory: number | null;
  readonly chained: number | null;
}

export interface Move {
  /** Logarithm of this close over the one before. */
  readonly change: number;
  /** Of the bar before, where that one followed another; else null. */
  readonly before: number | null;
  /** It opens at the close before. */
  readonly chained: boolean;
  /** Logarithm of the range in ticks plus one. */
  readonly range: number;
  readonly volume: number;
  readonly volume_before: number;
  readonly minute_of_day: number;
  readonly cash: boolean;
}

/** Adds up what tells a market from a generator. Bounded memory. */
export class MarketMarks {
  #returns = 0;
  #abs = 0;
  #square = 0;
  #fourth = 0;
  #chained = 0;
  readonly #pairs = new Pairs();
  readonly #memory = new Pairs();
  readonly #relation = new Pairs();
  readonly #hours = Array.from({ length: HOURS }, () => new Pairs());
  readonly #cash = new Mean();
  readonly #night = new Mean();
  readonly #cashVolume = new Mean();
  readonly #nightVolume = new Mean();
  /** By Chicago time of day. */
  readonly ranges: ActivityProfile;
  readonly volumes: ActivityProfile;
  readonly plainVolumes: ActivityProfile;
  readonly moves: ActivityProfile;

  constructor(
    private readonly subject: Subject,
    /** Null for event bars. */
    private readonly interval_us: number | null,
  ) {
    const length_us = interval_us ?? 60_000_000;
    this.ranges = new ActivityProfile(length_us);
    this.volumes = new ActivityProfile(length_us);
    this.plainVolumes = new ActivityProfile(length_us);
    this.moves = new ActivityProfile(length_us);
  }

  add(move: Move): void {
    const { change, before, range, volume, minute_of_day } = move;
    const size = Math.abs(change);
    this.#returns++;
    this.#abs += size;
    this.#square += change * change;
    this.#fourth += change ** 4;
    if (move.chained) this.#chained++;
    if (before !== null) this.#pairs.add(Math.abs(before), size);
    (move.cash ? this.#cash : this.#night).add(size);
    this.ranges.add(minute_of_day, range);
    this.moves.add(minute_of_day, size);
    this.plainVolumes.add(minute_of_day, volume);
    (move.cash ? this.#cashVolume : this.#nightVolume).add(volume);
    if (volume === 0) return;
    const log = Math.log(1 + volume);
    this.volumes.add(minute_of_day, log);
    this.#relation.add(range, log);
    this.#hours[Math.floor(minute_of_day / 60)]!.add(range, log);
    if (move.volume_before > 0) this.#memory.add(Math.log(1 + move.volume_before), log);
  }

  numbers(hasVolume: boolean): MarketNumbers {
    const n = this.#returns;
    const enough = n >= MARKS.returns_min;
    const variance = this.#square / n;
    const minutes = this.interval_us === null ? null : this.interval_us / 60_000_000;
    const parts = this.#cash.count >= MARKS.part_min && this.#night.count >= MARKS.part_min;
    const volume = enough && hasVolume;
    return {
      returns: n,
      kurtosis: enough && variance > 0 ? this.#fourth / n / variance ** 2 - 3 : null,
      clustering: enough ? this.#pairs.correlation : null,
      sigma:
        enough && minutes !== null ? (BASIS_POINTS * SD_PER_MEAN * this.#abs) / n / Math.sqrt(minutes) : null,
      day_ratio: enough && parts && this.#night.value > 0 ? this.#cash.value / this.#night.value : null,
      volume_ratio:
        volume && parts && this.#nightVolume.value > 0
          ? this.#cashVolume.value / this.#nightVolume.value
          : null,
      u_shape: volume ? this.#uShape() : null,
      range_volume: volume ? this.#relation.correlation : null,
      volume_memory: volume ? this.#memory.correlation : null,
      chained: enough ? this.#chained / n : null,
    };
  }

  #uShape(): number | null {
    const minutes = (this.#cash.count * (this.interval_us ?? 0)) / 60_000_000;
    if (minutes < MARKS.u_shape_minutes) return null;
    const first = this.volumes.meanBetween(510, 570);
    const middle = this.volumes.meanBetween(660, 780);
    const last = this.volumes.meanBetween(840, 900);
    return first === null || middle === null || last === null ? null : (first + last) / 2 - middle;
  }

  /**
   * The marks hold for bars of a fixed length; those of volume and the night for futures. `shifted`: the stamps are off, so that
   * nothing can be said of the time of day.
   */
  findings(hasVolume: boolean, shifted: boolean): readonly VerdictFinding[] {
    const all = this.numbers(hasVolume);
    const numbers = shifted ? { ...all, day_ratio: null, volume_ratio: null, u_shape: null } : all;
    const signs = this.#signs(numbers);
    const found: VerdictFinding[] = [...this.#sigma(numbers.sigma), ...(hasVolume ? this.#oddHours() : [])];
    if (signs.length >= MARKS.signs_refuse) {
      const told = signs.map(({ message }) => message).join('; ');
      const evidence = { signs: signs.length, returns: numbers.returns };
      const message = `${signs.length} marks of a generator over ${numbers.returns} bars: ${told}`;
      found.push(finding('generator_like', 'refuse', message, evidence));
    }
    // What was refused together needs no word each.
    const told =
      signs.length >= MARKS.signs_refuse ? signs.map((sign) => ({ ...sign, level: 'note' as const })) : signs;
    return [...found, ...told];
  }

  #signs(numbers: MarketNumbers): readonly VerdictFinding[] {
    const found: VerdictFinding[] = [];
    const below = (code: FindingCode, value: number | null, bound: number, what: string): void => {
      if (value === null || value >= bound) return;
      found.push(
        finding(code, 'warn', `${what} ${value.toFixed(2)}, markets at least ${bound}`, { value, bound }),
      );
    };
    // A bar of so many trades is as wide at noon as in a panic: tails and clusters are in its length.
    if (this.interval_us === null) return found;
    below('thin_tails', numbers.kurtosis, MARKS.kurtosis_min, 'excess kurtosis of returns');
    below('no_clustering', numbers.clustering, MARKS.clustering_min, 'autocorrelation of absolute returns');
    const { chained } = numbers;
    if (chained !== null && chained > MARKS.chained_max) {
      const message = `${(100 * chained).toFixed(1)} % of the bars open at the close before, in markets at most ${100 * MARKS.chained_max} %`;
      found.push(finding('chained_opens', 'warn', message, { value: chained, bound: MARKS.chained_max }));
    }
    if (this.subject.kind !== 'future' || this.interval_us > 300_000_000) return found;
    below(
      'flat_day',
      numbers.day_ratio,
      MARKS.day_ratio_min,
      'moves of the cash session over those of the night',
    );
    below(
      'flat_volume',
      numbers.volume_ratio,
      MARKS.volume_ratio_min,
      'volume of the cash session over that of the night',
    );
    below(
      'no_u_shape',
      numbers.u_shape,
      MARKS.u_shape_min,
      'log volume at both ends of the cash session over its middle',
    );
    below(
      'volume_unrelated',
      numbers.range_volume,
      MARKS.range_volume_min,
      'correlation of range and volume',
    );
    below(
      'volume_memoryless',
      numbers.volume_memory,
      MARKS.volume_memory_min,
      'autocorrelation of log volume',
    );
    return found;
  }

  #sigma(sigma: number | null): readonly VerdictFinding[] {
    const { low, high, refuse_high } = MARKS.sigma;
    if (sigma === null || (sigma >= low && sigma <= high)) return [];
    const message =
      `One-minute standard deviation ${sigma.toFixed(2)} basis points, where genuine files have 1.5 to 3.9; taken for possible: ` +
      `${low} to ${high}`;
    const level = sigma > refuse_high ? 'refuse' : 'warn';
    return [finding('volatility_implausible', level, message, { sigma_bp: sigma, low, high })];
  }

  #oddHours(): readonly VerdictFinding[] {
    if (this.subject.kind !== 'future' || this.interval_us === null || this.interval_us > 300_000_000)
      return [];
    const all = this.#relation.correlation ?? 0;
    if (all < MARKS.range_volume_min) return [];
    const odd: string[] = [];
    this.#hours.forEach((hour, at) => {
      const correlation = hour.correlation;
      if (hour.count < MARKS.odd_hour_bars || correlation === null || correlation >= MARKS.odd_hour_max)
        return;
      odd.push(`${String(at).padStart(2, '0')}:00 Chicago ${correlation.toFixed(2)} (${hour.count} bars)`);
    });
    if (odd.length === 0) return [];
    const message = `Correlation of range and volume by hour: ${odd.join(', ')}; over all hours ${all.toFixed(2)}`;
    return [finding('odd_hour', 'refuse', message, { hours: odd.length, all })];
  }
}
