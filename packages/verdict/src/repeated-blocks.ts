import { finding, type VerdictFinding } from './codes.js';
import { bothClocks } from './tally.js';

/** Bars of a block. A stretch of so many with the same moves and ranges is no chance. */
const BLOCK = 32;
/** Bars of a block that must differ from the one before: quiet nights are alike. */
const LIVELY_MIN = 24;
/** Blocks that are remembered: ten years of minutes have 115,000. */
const BLOCKS_MAX = 200_000;
const PRIME = 0x01000193;
/** PRIME to the power of BLOCK, modulo 2^32. */
const FADE = power(PRIME, BLOCK);
const PRIME_2 = 0x85ebca6b;
const FADE_2 = power(PRIME_2, BLOCK);

function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result = Math.imul(result, base);
  return result;
}

/** A stretch that stands twice. */
export interface Repeat {
  readonly first_us: number;
  readonly again_us: number;
}

/**
 * Finds stretches of bars that stand at two times, also where the copy was shifted in price: a rolling hash over the moves and
 * ranges of 32 bars, compared at every bar with the blocks before (as rsync does). Without volume, which copies often change.
 */
export class RepeatedBlocks {
  readonly #hashes = new Int32Array(BLOCK);
  readonly #lively = new Uint8Array(BLOCK);
  readonly #opens = new Float64Array(BLOCK);
  /** From the two hashes of a block to the stamp of its first bar. */
  readonly #seen = new Map<number, number>();
  #bars = 0;
  #hash = 0;
  #hash2 = 0;
  #livelyCount = 0;
  #count = 0;
  #quietUntil = 0;
  #first: Repeat | null = null;

  /** Prices in ticks, or hundredths of one where they are not on the grid. */
  add(open_us: number, move: number, up: number, down: number): void {
    const slot = this.#bars % BLOCK;
    const value = Math.imul(
      Math.imul(move | 0, 0x9e3779b1) ^ Math.imul(up | 0, 0x85ebca77) ^ (down | 0),
      0xc2b2ae3d,
    );
    const mixed = (value ^ (value >>> 15)) | 0;
    const gone = this.#hashes[slot]!;
    const full = this.#bars >= BLOCK;
    this.#hash = (Math.imul(this.#hash, PRIME) + mixed - (full ? Math.imul(gone, FADE) : 0)) | 0;
    this.#hash2 = (Math.imul(this.#hash2, PRIME_2) + mixed - (full ? Math.imul(gone, FADE_2) : 0)) | 0;
    const lively = move !== 0 ? 1 : 0;
    this.#livelyCount += lively - (full ? this.#lively[slot]! : 0);
    this.#hashes[slot] = mixed;
    this.#lively[slot] = lively;
    this.#opens[slot] = open_us;
    this.#bars++;
    if (this.#bars >= BLOCK && this.#livelyCount >= LIVELY_MIN)
      this.#compare(this.#opens[this.#bars % BLOCK]!);
  }

  #compare(first_us: number): void {
    const key = (this.#hash >>> 0) * 0x20_0000 + (this.#hash2 & 0x1f_ffff);
    const before_us = this.#seen.get(key);
    if (before_us !== undefined && this.#bars >= this.#quietUntil) {
      this.#count++;
      this.#first ??= { first_us: before_us, again_us: first_us };
      this.#quietUntil = this.#bars + BLOCK;
    } else if (before_us === undefined && this.#bars % BLOCK === 0 && this.#seen.size < BLOCKS_MAX) {
      this.#seen.set(key, first_us);
    }
  }

  findings(): readonly VerdictFinding[] {
    const first = this.#first;
    if (first === null) return [];
    const message =
      `${this.#count} stretches of ${BLOCK} bars stand twice with the same moves; the first of ${bothClocks(first.first_us)} ` +
      `again at ${bothClocks(first.again_us)}`;
    return [
      finding('repeated_blocks', 'refuse', message, { blocks: this.#count, bars: this.#count * BLOCK }),
    ];
  }
}
