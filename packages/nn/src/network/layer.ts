import type { Block } from '../engine/arena.js';

/** A layer whose memory is laid out for the largest batch. Rows beyond those asked for are left as they are. */
export interface Layer {
  /** [batch, width] */
  readonly output: Block;
  /** Gradient of `output`, which `backward` overwrites with what it works on. */
  readonly outputGradient: Block;
  forward(rows: number): void;
  /**
   * Adds to the gradients of the parameters. Writes the gradient of the input, or adds to what is there (`accumulate`), or
   * leaves it out where nobody asks for it (`none`).
   */
  backward(rows: number, input: 'write' | 'accumulate' | 'none'): void;
}

/** Where a layer reads, and where it leaves the gradient of what it reads. */
export interface LayerInput {
  readonly values: Block;
  readonly gradient: Block;
}

/** A weight or bias and its gradient. */
export interface Parameter {
  readonly values: Block;
  readonly gradient: Block;
}
