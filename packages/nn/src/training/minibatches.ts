import { assert, uniformSource } from '@bellwether/kernel';
import type { Block } from '../engine/arena.js';

/** By its own name: a member of a global is looked up at each call where tests run. */
const { floor } = Math;

/** The numbers 0 to length - 1 in an order drawn from the seed (Fisher, Yates). */
export function shuffledOrder(length: number, seed: string): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  const uniform = uniformSource(`shuffle ${seed}`);
  for (let i = length - 1; i > 0; i--) {
    const j = floor(uniform() * (i + 1));
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

/** Row numbers of one epoch, a batch at a time; the last batch may be smaller. The order hangs on seed and epoch alone. */
export function* minibatches(
  rows: number,
  batch: number,
  seed: string,
  epoch: number,
): Generator<Int32Array> {
  assert(batch > 0, 'A batch has rows');
  const order = shuffledOrder(rows, `${seed} ${epoch}`);
  for (let from = 0; from < rows; from += batch) yield order.subarray(from, from + batch);
}

/** Copies the rows of these numbers, each of so many values, one behind another into a block or array. */
export function gatherRows(
  from: Float32Array,
  width: number,
  rows: Int32Array,
  to: Block | Float32Array,
): void {
  const target = to instanceof Float32Array ? to : to.view;
  // Number by number: a view of each row costs more than its few numbers.
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i]! * width;
    const first = i * width;
    for (let j = 0; j < width; j++) target[first + j] = from[at + j]!;
  }
}
