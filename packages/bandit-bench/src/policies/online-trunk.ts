import { uniformSource } from '@bellwether/kernel';
import {
  Adam,
  HIDDEN,
  Network,
  initialParameters,
  setParameters,
  squaredError,
  wasmEngine,
  type NetworkDescription,
} from '@bellwether/nn';

export const HIDDEN_WIDTH = 64;
const BATCH = 64;
const RATE = 1e-3;
const GRADIENT_MAX = 5;
/** Rounds after which the trunk is trained for the first time; then whenever they are half as many more, and every so many at least. */
const FIRST_TRAINING = 8;
const TRAINING_EVERY = 500;
const STEPS = 400;

/** What was played, in order. */
interface Played {
  readonly x: Float32Array;
  readonly arm: number;
  readonly reward: number;
}

/**
 * The network under the neural policies: two hidden layers of 64 and a value for each arm, trained on the rewards of the arms
 * that were chosen. It learns in bouts, from all rounds so far alike.
 */
export class OnlineTrunk {
  private readonly played: Played[] = [];
  private readonly network: Network;
  private readonly adam: Adam;
  private readonly engine = wasmEngine();
  private readonly uniform: () => number;
  private trainAt = FIRST_TRAINING;
  private readonly targets: Float32Array;
  private readonly weights: Float32Array;

  constructor(
    private readonly width: number,
    private readonly arms: number,
    seed: string,
  ) {
    const description: NetworkDescription = {
      input: { kind: 'row', width },
      layers: [
        { kind: 'dense', in: width, out: HIDDEN_WIDTH, activation: 'relu' },
        { kind: 'dense', in: HIDDEN_WIDTH, out: HIDDEN_WIDTH, activation: 'relu' },
      ],
      heads: [{ name: 'values', out: arms, output: 'linear' }],
    };
    this.network = new Network(this.engine, description, BATCH);
    setParameters(this.network, initialParameters(description, seed));
    this.adam = new Adam(this.engine, this.network, {
      schedule: { kind: 'constant', rate: RATE },
      gradientMax: GRADIENT_MAX,
    });
    this.uniform = uniformSource(`replay ${seed}`);
    this.targets = new Float32Array(BATCH * arms);
    this.weights = new Float32Array(BATCH * arms);
  }

  /** What the network says each arm pays. */
  values(x: Float64Array): readonly number[] {
    this.network.input.view.set(x);
    this.network.forward(1);
    return [...this.network.output('values').view.subarray(0, this.arms)];
  }

  /** The last hidden layer and a 1. */
  features(x: Float64Array): Float64Array {
    this.network.input.view.set(x);
    this.network.forward(1);
    return this.rowOf(0);
  }

  /** The features of every round so far, in order. */
  *featuresOfPlayed(): Generator<{
    readonly arm: number;
    readonly x: Float64Array;
    readonly reward: number;
  }> {
    const { played, network, width } = this;
    for (let from = 0; from < played.length; from += BATCH) {
      const rounds = played.slice(from, from + BATCH);
      rounds.forEach(({ x }, row) => {
        network.input.view.set(x, row * width);
      });
      network.forward(rounds.length);
      for (const [row, { arm, reward }] of rounds.entries()) yield { arm, reward, x: this.rowOf(row) };
    }
  }

  private rowOf(row: number): Float64Array {
    const features = new Float64Array(HIDDEN_WIDTH + 1);
    const hidden = this.network.output(HIDDEN).view;
    features.set(hidden.subarray(row * HIDDEN_WIDTH, (row + 1) * HIDDEN_WIDTH));
    features[HIDDEN_WIDTH] = 1;
    return features;
  }

  /** Takes a round in; true where the network was trained upon it, so that features mean something else now. */
  learn(x: Float64Array, arm: number, reward: number): boolean {
    this.played.push({ x: Float32Array.from(x), arm, reward });
    if (this.played.length < this.trainAt) return false;
    this.trainAt += Math.min(TRAINING_EVERY, Math.ceil(this.trainAt / 2));
    for (let step = 0; step < STEPS; step++) this.trainOnce();
    return true;
  }

  private trainOnce(): void {
    const { network, arms, width, targets, weights } = this;
    targets.fill(0);
    weights.fill(0);
    const input = network.input.view;
    for (let row = 0; row < BATCH; row++) {
      const { x, arm, reward } = this.played[Math.floor(this.uniform() * this.played.length)]!;
      input.set(x, row * width);
      targets[row * arms + arm] = reward;
      weights[row * arms + arm] = 1;
    }
    network.forward(BATCH);
    const [output, gradient] = [network.output('values'), network.outputGradient('values')];
    squaredError({ output, gradient, rows: BATCH, width: arms }, targets, { elements: weights });
    network.zeroGradients();
    network.backward(BATCH, ['values']);
    this.adam.step();
  }
}
