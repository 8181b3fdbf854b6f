import type { ArenaStorage } from '../engine/arena.js';
import type { Kernels } from './kernels.js';
import { FUNCTIONS } from './twin-functions.js';
import { ROUND, type Precision } from './twin.js';

/** One step of an LSTM; gates in the order of ONNX: input, output, forget, cell. */
export function twinLstm(
  storage: ArenaStorage,
  precision: Precision,
): Pick<Kernels, 'lstmForward' | 'lstmBackward'> {
  const round = ROUND[precision];
  const { sigmoid, tanh } = FUNCTIONS[precision];
  return {
    lstmForward({ gates, before, squashed, rows, hidden }, bias, cell, output) {
      const x = storage.numbers;
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < hidden; j++) {
          const at = gates + row * 4 * hidden + j;
          const of = row * hidden + j;
          const sum = (gate: number) => round(x[at + gate * hidden]! + x[bias + gate * hidden + j]!);
          const i = sigmoid(sum(0));
          const o = sigmoid(sum(1));
          const f = sigmoid(sum(2));
          const g = tanh(sum(3));
          const c = round(round(f * x[before + of]!) + round(i * g));
          const t = tanh(c);
          x[at] = i;
          x[at + hidden] = o;
          x[at + 2 * hidden] = f;
          x[at + 3 * hidden] = g;
          x[cell + of] = c;
          x[squashed + of] = t;
          x[output + of] = o * t;
        }
      }
    },
    lstmBackward({ gates, before, squashed, rows, hidden }, outputGradient, cellGradient, gateGradient) {
      const x = storage.numbers;
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < hidden; j++) {
          const at = row * 4 * hidden + j;
          const of = row * hidden + j;
          const i = x[gates + at]!;
          const o = x[gates + at + hidden]!;
          const f = x[gates + at + 2 * hidden]!;
          const g = x[gates + at + 3 * hidden]!;
          const t = x[squashed + of]!;
          const dh = x[outputGradient + of]!;
          const inner = round(round(dh * o) * round(1 - round(t * t)));
          const dc = round(x[cellGradient + of]! + inner);
          x[gateGradient + at] = round(dc * g) * round(i * round(1 - i));
          x[gateGradient + at + hidden] = round(dh * t) * round(o * round(1 - o));
          x[gateGradient + at + 2 * hidden] = round(dc * x[before + of]!) * round(f * round(1 - f));
          x[gateGradient + at + 3 * hidden] = round(dc * i) * round(1 - round(g * g));
          x[cellGradient + of] = dc * f;
        }
      }
    },
  };
}
