import { finding, type VerdictFinding } from './codes.js';
import { bothClocks } from './tally.js';

/** Moves are counted by their size up to this many ticks; larger ones share the last place. */
const TICKS_MAX = 20_000;
const SIGMAS = 6;
/** Median absolute deviation of a normal distribution, in standard deviations. */
const MAD_PER_SIGMA = 0.6745;
const JUMPS_KEPT = 20;

export interface Jump {
  readonly open_us: number;
  readonly ticks: number;
  readonly line: number;
}

/** Moves from bar to bar, within a session: how many are far out, and which is the largest (domain.md 3.3). */
export class PriceMoves {
  readonly #counts = new Uint32Array(TICKS_MAX + 1);
  /** The largest, in falling order. */
  readonly #largest: Jump[] = [];
  #moves = 0;

  add(ticks: number, open_us: number, line: number): void {
    const size = Math.abs(ticks);
    this.#counts[Math.min(size, TICKS_MAX)]!++;
    this.#moves++;
    const least = this.#largest.at(-1);
    if (
      size === 0 ||
      (this.#largest.length === JUMPS_KEPT && least !== undefined && size <= Math.abs(least.ticks))
    ) {
      return;
    }
    const at = this.#largest.findIndex((jump) => Math.abs(jump.ticks) < size);
    this.#largest.splice(at === -1 ? this.#largest.length : at, 0, { open_us, ticks, line });
    if (this.#largest.length > JUMPS_KEPT) this.#largest.pop();
  }

  #median(): number {
    let seen = 0;
    for (let ticks = 0; ticks <= TICKS_MAX; ticks++) {
      seen += this.#counts[ticks]!;
      if (2 * seen >= this.#moves) return ticks;
    }
    return TICKS_MAX;
  }

  get largest(): readonly Jump[] {
    return this.#largest;
  }

  /** Moves beyond this many ticks are far out. */
  get bound_ticks(): number {
    return (SIGMAS * Math.max(1, this.#median())) / MAD_PER_SIGMA;
  }

  findings(tick: number): readonly VerdictFinding[] {
    let far = 0;
    for (let ticks = Math.floor(this.bound_ticks) + 1; ticks <= TICKS_MAX; ticks++)
      far += this.#counts[ticks]!;
    const [largest] = this.#largest;
    if (far === 0 || largest === undefined) return [];
    const points = Math.round(Math.abs(largest.ticks) * tick * 100) / 100;
    const message =
      `${far} of ${this.#moves} moves from bar to bar exceed ${SIGMAS} robust standard deviations; the largest is ` +
      `${points} points at ${bothClocks(largest.open_us)}, line ${largest.line}`;
    return [finding('jumps', 'note', message, { jumps: far, moves: this.#moves, largest_points: points })];
  }
}
