import { Network, initialParameters, type Engine } from '@bellwether/nn';
import { randomSource } from '../random.js';
import { denseNetwork } from './policy-network.js';
import type { PolicyKind } from './policy.js';

export const WIDTH = 3;

/** A small network with parameters that are nobody's initialisation, and rows in its input. */
export function filledNetwork(
  engine: Engine,
  kind: Pick<PolicyKind, 'heads'>,
  rows: number,
  seed: string,
): Network {
  const network = new Network(engine, denseNetwork(WIDTH, [5, 4], kind.heads), rows);
  network.parameters.view.set(initialParameters(network.description, seed));
  network.parameters.view.forEach((x, i, view) => (view[i] = x + 0.1 * Math.sin(i + 1)));
  const random = randomSource(seed);
  network.input.view.forEach((_, i, view) => (view[i] = random.normal()));
  return network;
}

const STEP = 1e-5;
/** Below this a difference quotient is rounding alone. */
const ABSOLUTE_MAX = 1e-9;

/** Largest relative error between gradients and central differences of `total`, over all numbers of `values`. */
export function worstError(
  values: Float32Array | Float64Array,
  gradients: ArrayLike<number>,
  total: () => number,
): number {
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    values[i] = value + STEP;
    const above = total();
    values[i] = value - STEP;
    const below = total();
    values[i] = value;
    const quotient = (above - below) / (2 * STEP);
    const error = Math.abs(quotient - gradients[i]!);
    if (error < ABSOLUTE_MAX) continue;
    worst = Math.max(worst, error / Math.max(Math.abs(quotient), Math.abs(gradients[i]!)));
  }
  return worst;
}
