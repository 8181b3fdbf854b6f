import type { ArenaStorage } from '../engine/arena.js';
import type { Kernels } from './kernels.js';
import { twinAdam } from './twin-adam.js';
import { twinElementwise } from './twin-elementwise.js';
import { twinLstm } from './twin-lstm.js';
import { twinMatrix } from './twin-matrix.js';

export type Precision = 'float32' | 'float64';

/** Rounds the result of one operation to the precision of the numbers. */
export type Round = (value: number) => number;

export const ROUND: Readonly<Record<Precision, Round>> = { float32: Math.fround, float64: (value) => value };

/** The kernels in TypeScript, over memory of the same precision. */
export function twinKernels(storage: ArenaStorage, precision: Precision): Kernels {
  return {
    ...twinMatrix(storage, ROUND[precision]),
    ...twinElementwise(storage, precision),
    ...twinLstm(storage, precision),
    ...twinAdam(storage, ROUND[precision]),
  };
}
