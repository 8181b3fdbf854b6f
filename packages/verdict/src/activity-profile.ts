const DAY_MINUTES = 1_440;
const MINUTE_US = 60_000_000;

/** Mean activity by time of day: bins of the length of a bar, up to an hour. */
export class ActivityProfile {
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;
  /** Minutes of a bin. */
  readonly bin_minutes: number;

  constructor(interval_us: number) {
    this.bin_minutes = Math.min(60, Math.max(1, Math.round(interval_us / MINUTE_US)));
    const bins = Math.ceil(DAY_MINUTES / this.bin_minutes);
    this.#sum = new Float64Array(bins);
    this.#count = new Uint32Array(bins);
  }

  add(minute_of_day: number, activity: number): void {
    const bin = Math.floor(minute_of_day / this.bin_minutes);
    this.#sum[bin]! += activity;
    this.#count[bin]!++;
  }

  get bins(): number {
    return this.#sum.length;
  }

  countAt(bin: number): number {
    return this.#count[(bin + this.bins) % this.bins]!;
  }

  /** Null where nothing was seen. */
  meanAt(bin: number): number | null {
    const at = (bin + this.bins) % this.bins;
    const count = this.#count[at]!;
    return count === 0 ? null : this.#sum[at]! / count;
  }

  /** Mean over the minutes from one time of day up to another one; null where nothing was seen. */
  meanBetween(from_minute: number, to_minute: number): number | null {
    let sum = 0;
    let count = 0;
    const last = Math.ceil(to_minute / this.bin_minutes);
    for (let bin = Math.floor(from_minute / this.bin_minutes); bin < last; bin++) {
      sum += this.#sum[bin]!;
      count += this.#count[bin]!;
    }
    return count === 0 ? null : sum / count;
  }
}

/** Where the day jumps most. */
export interface JumpTime {
  /** First minute of the bin, UTC. */
  readonly minute: number;
  /** Difference of mean activity after and before. */
  readonly jump: number;
}

/** Minutes that are compared on each side of a jump. */
const SIDE_MINUTES = 10;
/** A bin counts when it was seen at least this share of the times that the busiest one was. */
const SEEN_SHARE_MIN = 0.5;

/** How much the activity jumps at a bin; null where the bins around it are not there. */
export function jumpAt(profile: ActivityProfile, bin: number): number | null {
  const side = Math.max(1, Math.round(SIDE_MINUTES / profile.bin_minutes));
  let before = 0;
  let after = 0;
  for (let i = 1; i <= side; i++) {
    const a = profile.meanAt(bin + i - 1);
    const b = profile.meanAt(bin - i);
    if (a === null || b === null) return null;
    after += a;
    before += b;
  }
  return (after - before) / side;
}

/** The largest jump of the day: the opening of the cash market, wherever the stamps put it. */
export function largestJump(profile: ActivityProfile): JumpTime | null {
  const side = Math.max(1, Math.round(SIDE_MINUTES / profile.bin_minutes));
  let busiest = 0;
  for (let bin = 0; bin < profile.bins; bin++) busiest = Math.max(busiest, profile.countAt(bin));
  let best: JumpTime | null = null;
  for (let bin = 0; bin < profile.bins; bin++) {
    let seen = true;
    for (let i = -side; i < side; i++) seen &&= profile.countAt(bin + i) >= SEEN_SHARE_MIN * busiest;
    const jump = seen ? jumpAt(profile, bin) : null;
    if (jump !== null && (best === null || jump > best.jump))
      best = { minute: bin * profile.bin_minutes, jump };
  }
  return best;
}
