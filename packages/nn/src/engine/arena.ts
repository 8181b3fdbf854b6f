import { assert } from '@bellwether/kernel';

export type Numbers = Float32Array | Float64Array;

/** Where an arena's numbers lie, and how it gets more room. A new array may stand behind `numbers` after `grow`. */
export interface ArenaStorage {
  readonly numbers: Numbers;
  /** Makes room for at least so many numbers in all. */
  grow(length: number): void;
}

/** Most numbers of one arena: 1 GiB in single precision. A network of this library needs thousandths of it. */
export const ARENA_LENGTH_MAX = 268_435_456;
/** Blocks begin at 64 bytes: a line of the processor's cache. */
const ALIGNMENT = 16;

/** A range of an arena. `view` is always of the memory as it is now, also after it has grown. */
export class Block {
  #seen: Numbers;
  #view: Numbers;

  constructor(
    private readonly storage: ArenaStorage,
    readonly offset: number,
    readonly length: number,
  ) {
    this.#seen = storage.numbers;
    this.#view = this.#seen.subarray(offset, offset + length);
  }

  get view(): Numbers {
    const { numbers } = this.storage;
    if (numbers !== this.#seen) {
      this.#seen = numbers;
      this.#view = numbers.subarray(this.offset, this.offset + this.length);
    }
    return this.#view;
  }

  /** A part of this block. */
  part(from: number, length: number): Block {
    assert(from >= 0 && length >= 0 && from + length <= this.length, 'A part lies inside its block');
    return new Block(this.storage, this.offset + from, length);
  }
}

/** Hands out blocks one behind another. There is no freeing of one: a network and its arena end together. */
export class Arena {
  #used: number;

  constructor(
    private readonly storage: ArenaStorage,
    /** First number that is free: below it lies what the compiler put there. */
    first = 0,
  ) {
    this.#used = aligned(first);
  }

  /** A block of zeros. */
  allocate(length: number): Block {
    assert(Number.isSafeInteger(length) && length >= 0, `A block has a whole length, was ${length}`);
    const end = this.#used + length;
    assert(end <= ARENA_LENGTH_MAX, `An arena holds at most ${ARENA_LENGTH_MAX} numbers, asked for ${end}`);
    if (end > this.storage.numbers.length) this.storage.grow(end);
    const block = new Block(this.storage, this.#used, length);
    this.#used = aligned(end);
    return block;
  }

  /** Numbers handed out, gaps included. */
  get used(): number {
    return this.#used;
  }
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
