import { assert } from '@bellwether/kernel';
import type { Random } from '../random.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { abs, floor, min } = Math;

/** One step as it was taken: by this agent, or read from a log of any policy that saw the same observation. */
export interface LoggedStep {
  /** As the network is given them: centred and divided. */
  readonly seen: ArrayLike<number>;
  /** Between -1 and 1: the share of the range from its middle. */
  readonly action: number;
  readonly reward: number;
  readonly seenNext: ArrayLike<number>;
  /** True where nothing comes after; a time limit alone is no end. */
  readonly over: boolean;
}

/** Steps drawn from a buffer, row by row. */
export interface StepRows {
  readonly rows: number;
  readonly seen: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly seenNext: Float32Array;
  /** 1 where something comes after, else 0. */
  readonly goesOn: Float32Array;
}

/** A bounded memory of steps: a new one takes the place of the oldest. */
export class ReplayBuffer {
  readonly #seen: Float32Array;
  readonly #actions: Float32Array;
  readonly #rewards: Float32Array;
  readonly #seenNext: Float32Array;
  readonly #goesOn: Float32Array;
  #size = 0;
  #next = 0;

  constructor(
    readonly width: number,
    readonly capacity: number,
  ) {
    assert(capacity > 0 && width > 0, 'A buffer has room');
    this.#seen = new Float32Array(capacity * width);
    this.#actions = new Float32Array(capacity);
    this.#rewards = new Float32Array(capacity);
    this.#seenNext = new Float32Array(capacity * width);
    this.#goesOn = new Float32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  add({ seen, action, reward, seenNext, over }: LoggedStep): void {
    assert(abs(action) <= 1 && Number.isFinite(reward), 'An action is -1 to 1, a reward is a number');
    const place = this.#next;
    this.#seen.set(seen, place * this.width);
    this.#actions[place] = action;
    this.#rewards[place] = reward;
    this.#seenNext.set(seenNext, place * this.width);
    this.#goesOn[place] = over ? 0 : 1;
    this.#next = (place + 1) % this.capacity;
    this.#size = min(this.capacity, this.#size + 1);
  }

  /** So many steps, each drawn from all that are kept. */
  draw(rows: number, random: Random): StepRows {
    assert(this.#size > 0, 'Steps are drawn from a buffer that holds some');
    const { width } = this;
    const drawn = {
      rows,
      seen: new Float32Array(rows * width),
      actions: new Float32Array(rows),
      rewards: new Float32Array(rows),
      seenNext: new Float32Array(rows * width),
      goesOn: new Float32Array(rows),
    };
    for (let row = 0; row < rows; row++) {
      const place = floor(random.uniform() * this.#size);
      for (let j = 0; j < width; j++) {
        drawn.seen[row * width + j] = this.#seen[place * width + j]!;
        drawn.seenNext[row * width + j] = this.#seenNext[place * width + j]!;
      }
      drawn.actions[row] = this.#actions[place]!;
      drawn.rewards[row] = this.#rewards[place]!;
      drawn.goesOn[row] = this.#goesOn[place]!;
    }
    return drawn;
  }
}
