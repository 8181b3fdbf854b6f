import { ticksToPoints } from '@bellwether/market';
import { bothClocks } from './time-zone-test.js';
import type { Finding } from './manifest.js';

/** Moves are counted by their size up to this many ticks; larger ones share the last place. */
const TICKS_MAX = 20_000;
const SIGMAS = 6;
/** Median absolute deviation of a normal distribution, in standard deviations. */
const MAD_PER_SIGMA = 0.6745;

/** Moves from bar to bar, within a session: how many are far out, and which is the largest (domain.md 3.3). */
export class PriceMoves {
  readonly #counts = new Uint32Array(TICKS_MAX + 1);
  #moves = 0;
  #largest = { ticks: 0, open_us: 0, line: 0 };

  add(ticks: number, open_us: number, line: number): void {
    const size = Math.abs(ticks);
    this.#counts[Math.min(size, TICKS_MAX)]!++;
    this.#moves++;
    if (size > this.#largest.ticks) this.#largest = { ticks: size, open_us, line };
  }

  #median(): number {
    let seen = 0;
    for (let ticks = 0; ticks <= TICKS_MAX; ticks++) {
      seen += this.#counts[ticks]!;
      if (2 * seen >= this.#moves) return ticks;
    }
    return TICKS_MAX;
  }

  findings(tick_size_e4: number): readonly Finding[] {
    const bound = (SIGMAS * Math.max(1, this.#median())) / MAD_PER_SIGMA;
    let far = 0;
    for (let ticks = Math.floor(bound) + 1; ticks <= TICKS_MAX; ticks++) far += this.#counts[ticks]!;
    if (far === 0) return [];
    const points = ticksToPoints(this.#largest.ticks, tick_size_e4);
    const { open_us, line } = this.#largest;
    const message =
      `${far} of ${this.#moves} moves from bar to bar exceed ${SIGMAS} robust standard deviations; the largest is ` +
      `${points} points at ${bothClocks(open_us)}, line ${line}`;
    return [{ code: 'jumps', message }];
  }
}
