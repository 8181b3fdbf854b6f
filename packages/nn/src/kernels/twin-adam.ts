import type { ArenaStorage } from '../engine/arena.js';
import type { Kernels } from './kernels.js';
import type { Round } from './twin.js';

export function twinAdam(storage: ArenaStorage, round: Round): Pick<Kernels, 'adam'> {
  return {
    adam(parameter, gradient, mean, square, count, step) {
      const x = storage.numbers;
      const rate = round(step.rate);
      const beta1 = round(step.beta1);
      const beta2 = round(step.beta2);
      const epsilon = round(step.epsilon);
      const first = round(step.first);
      const second = round(step.second);
      const keep = round(step.keep);
      const rest1 = round(1 - beta1);
      const rest2 = round(1 - beta2);
      for (let i = 0; i < count; i++) {
        const g = x[gradient + i]!;
        const m = round(round(beta1 * x[mean + i]!) + round(rest1 * g));
        const v = round(round(beta2 * x[square + i]!) + round(rest2 * round(g * g)));
        const deviation = round(round(Math.sqrt(round(v * second))) + epsilon);
        const move = round(round(rate * round(m * first)) / deviation);
        x[mean + i] = m;
        x[square + i] = v;
        x[parameter + i] = round(x[parameter + i]! * keep) - move;
      }
    },
  };
}
