import { assert } from '@bellwether/kernel';
import type { Network, Numbers } from '@bellwether/nn';
import type { Random } from '../random.js';
import type { PolicyHeads, PolicyKind } from './policy.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { abs, exp, log1p, max, min, tanh } = Math;

/** Head whose tanh, spread over the range, is the action of the trained policy. */
export const MEAN_HEAD = 'mean';
/** Head of the logarithm of the deviation. */
export const SPREAD_HEAD = 'log_deviation';

/** Least deviation where none is given, and the largest of all: beyond it almost every draw is at one of the ends. */
const DEVIATION_LEAST = 0.01;
const LOG_HIGHEST = 2;
const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

export interface ActionRange {
  readonly low: number;
  readonly high: number;
}

/**
 * A number of a range: tanh of a normal choice, spread over the range. Unlike a clipped normal it has no dead zone at the ends,
 * where every draw is the same action and nothing can be learned from their difference.
 * A deviation that may shrink without end does, since the noise itself costs; its gradients then grow without end, and the
 * mean jumps. Hence `deviationMin`.
 */
export function squashedGaussianPolicy(range: ActionRange, deviationMin = DEVIATION_LEAST): PolicyKind {
  assert(range.low < range.high, 'A range of actions has a low and a high end');
  return {
    heads: [
      { name: MEAN_HEAD, out: 1, output: 'tanh' },
      { name: SPREAD_HEAD, out: 1, output: 'linear' },
    ],
    of: (network) => new SquashedGaussianHeads(network, range, deviationMin),
  };
}

/** log(1 - tanh²(u)) without loss of digits where tanh is near 1. */
export function logSquashSlope(choice: number): number {
  const size = abs(choice);
  return 2 * (Math.LN2 - size - log1p(exp(-2 * size)));
}

export class SquashedGaussianHeads implements PolicyHeads {
  readonly outputs = [MEAN_HEAD, SPREAD_HEAD];
  #means: Numbers;
  #logs: Numbers;
  #meanGradients: Numbers;
  #logGradients: Numbers;
  readonly #logLowest: number;
  readonly #middle: number;
  readonly #half: number;

  constructor(
    private readonly network: Network,
    range: ActionRange,
    deviationMin = DEVIATION_LEAST,
  ) {
    this.#logLowest = Math.log(deviationMin);
    this.#means = network.output(MEAN_HEAD).view;
    this.#logs = network.output(SPREAD_HEAD).view;
    this.#meanGradients = network.outputGradient(MEAN_HEAD).view;
    this.#logGradients = network.outputGradient(SPREAD_HEAD).view;
    this.#middle = (range.low + range.high) / 2;
    this.#half = (range.high - range.low) / 2;
  }

  prepare(_rows: number): void {
    this.#means = this.network.output(MEAN_HEAD).view;
    this.#logs = this.network.output(SPREAD_HEAD).view;
    this.#meanGradients = this.network.outputGradient(MEAN_HEAD).view;
    this.#logGradients = this.network.outputGradient(SPREAD_HEAD).view;
  }

  mean(row: number): number {
    return this.#means[row]!;
  }

  logDeviation(row: number): number {
    return max(this.#logLowest, min(LOG_HIGHEST, this.#logs[row]!));
  }

  draw(row: number, random: Random): number {
    return this.mean(row) + exp(this.logDeviation(row)) * random.normal();
  }

  likeliest(row: number): number {
    return this.mean(row);
  }

  action(choice: number): number {
    return this.#middle + this.#half * tanh(choice);
  }

  logProbability(row: number, choice: number): number {
    const log = this.logDeviation(row);
    const z = (choice - this.mean(row)) / exp(log);
    return -0.5 * z * z - log - HALF_LOG_TAU;
  }

  entropy(row: number): number {
    return 0.5 + HALF_LOG_TAU + this.logDeviation(row);
  }

  writeGradient(row: number, choice: number, ofLog: number, ofEntropy: number): void {
    const deviation = exp(this.logDeviation(row));
    const z = (choice - this.mean(row)) / deviation;
    this.setGradient(row, (ofLog * z) / deviation, ofLog * (z * z - 1) + ofEntropy);
  }

  /**
   * Sets the gradients of mean and logarithm of the deviation. Beyond its ends the logarithm has none, but what leads back
   * inside is let through, so that it cannot get stuck there.
   */
  setGradient(row: number, ofMean: number, ofLogDeviation: number): void {
    const log = this.#logs[row]!;
    const outwards =
      (log < this.#logLowest && ofLogDeviation > 0) || (log > LOG_HIGHEST && ofLogDeviation < 0);
    this.#meanGradients[row] = ofMean;
    this.#logGradients[row] = outwards ? 0 : ofLogDeviation;
  }
}
