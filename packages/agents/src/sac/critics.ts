import {
  Adam,
  Network,
  initialParameters,
  setParameters,
  squaredError,
  type AdamOptions,
  type Engine,
} from '@bellwether/nn';
import { denseNetwork } from '../policy/policy-network.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { min } = Math;

const VALUE = 'value';

export interface CriticsOptions {
  readonly seed: string;
  /** Numbers of an observation; the action is one more. */
  readonly width: number;
  readonly hidden: readonly number[];
  readonly rows: number;
  readonly adam: AdamOptions;
}

/**
 * Two networks that say what an action is worth, and copies of them that follow slowly. The smaller value of two counts, or
 * the agent would chase the errors of one (Fujimoto, van Hoof, Meger 2018).
 */
export class Critics {
  readonly #pair: readonly [Network, Network];
  readonly #targets: readonly [Network, Network];
  readonly #optimisers: readonly [Adam, Adam];

  constructor(
    engine: Engine,
    private readonly options: CriticsOptions,
  ) {
    const description = denseNetwork(
      options.width + 1,
      options.hidden,
      [{ name: VALUE, out: 1, output: 'linear' }],
      'relu',
    );
    const network = (seed: string): Network => {
      const made = new Network(engine, description, options.rows);
      setParameters(made, initialParameters(description, seed));
      return made;
    };
    const { seed } = options;
    this.#pair = [network(`${seed} critic 0`), network(`${seed} critic 1`)];
    this.#targets = [network(`${seed} critic 0`), network(`${seed} critic 1`)];
    this.#optimisers = [
      new Adam(engine, this.#pair[0], options.adam),
      new Adam(engine, this.#pair[1], options.adam),
    ];
  }

  /** The smaller value by the slow copies, of actions in [-1, 1]. */
  targetValues(seen: Float32Array, actions: ArrayLike<number>): Float64Array {
    return this.#smaller(this.#targets, seen, actions).values;
  }

  /** The smaller value, and how it changes with the action. */
  valuesAndSlopes(
    seen: Float32Array,
    actions: ArrayLike<number>,
  ): { readonly values: Float64Array; readonly slopes: Float64Array } {
    const rows = actions.length;
    const { values, second } = this.#smaller(this.#pair, seen, actions);
    const slopes = new Float64Array(rows);
    this.#pair.forEach((network, which) => {
      const gradient = network.outputGradient(VALUE).view;
      for (let row = 0; row < rows; row++) gradient[row] = second[row] === which ? 1 : 0;
      network.backward(rows, [VALUE], { inputGradient: true });
      const ofInput = network.inputGradient.view;
      const width = this.options.width + 1;
      for (let row = 0; row < rows; row++) slopes[row]! += ofInput[row * width + width - 1]!;
    });
    return { values, slopes };
  }

  /** One step of both towards `targets`. Says the sum of both losses. */
  learn(seen: Float32Array, actions: Float32Array, targets: Float64Array): number {
    const rows = actions.length;
    let sum = 0;
    this.#pair.forEach((network, which) => {
      this.#forward(network, seen, actions);
      const place = {
        output: network.output(VALUE),
        gradient: network.outputGradient(VALUE),
        rows,
        width: 1,
      };
      sum += squaredError(place, targets).sum / rows;
      network.zeroGradients();
      network.backward(rows, [VALUE]);
      this.#optimisers[which]!.step();
    });
    return sum;
  }

  /** Moves the slow copies by this share of the way (Polyak averaging). */
  follow(share: number): void {
    this.#pair.forEach((network, which) => {
      const [from, to] = [network.parameters.view, this.#targets[which]!.parameters.view];
      for (let i = 0; i < to.length; i++) to[i]! += share * (from[i]! - to[i]!);
    });
  }

  /** `second`: which of the two says less, row by row. */
  #smaller(
    pair: readonly [Network, Network],
    seen: Float32Array,
    actions: ArrayLike<number>,
  ): { readonly values: Float64Array; readonly second: Uint8Array } {
    const rows = actions.length;
    for (const network of pair) this.#forward(network, seen, actions);
    const [first, other] = [pair[0].output(VALUE).view, pair[1].output(VALUE).view];
    const values = new Float64Array(rows);
    const second = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      second[row] = other[row]! < first[row]! ? 1 : 0;
      values[row] = min(first[row]!, other[row]!);
    }
    return { values, second };
  }

  #forward(network: Network, seen: Float32Array, actions: ArrayLike<number>): void {
    const input = network.input.view;
    const { width } = this.options;
    for (let row = 0; row < actions.length; row++) {
      for (let j = 0; j < width; j++) input[row * (width + 1) + j] = seen[row * width + j]!;
      input[row * (width + 1) + width] = actions[row]!;
    }
    network.forward(actions.length);
  }
}
