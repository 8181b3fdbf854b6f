import { Network, setParameters, wasmEngine, type Engine } from '@bellwether/nn';
import { encodeSeen } from '../environment.js';
import type { TrainedPolicy } from './policy-network.js';
import { policyKindOf } from './policy-network.js';
import type { PolicyHeads } from './policy.js';

/** Says what a trained policy does: always what it holds most likely, without a draw. */
export class PolicyRunner {
  readonly #network: Network;
  readonly #heads: PolicyHeads;

  constructor(
    private readonly policy: TrainedPolicy,
    rowsMax: number,
    engine: Engine = wasmEngine(),
  ) {
    this.#network = new Network(engine, policy.description, rowsMax);
    setParameters(this.#network, policy.parameters);
    this.#heads = policyKindOf(policy.action).of(this.#network);
  }

  /** Goes on with other parameters of the same network. */
  take(parameters: Float32Array): void {
    setParameters(this.#network, parameters);
  }

  /** Actions of observations [rows, width], as the environment shows them: NaN is missing. */
  actions(observations: Float32Array): Float64Array {
    const { encoding } = this.policy;
    const rows = observations.length / encoding.means.length;
    this.#network.input.view.set(encodeSeen(encoding, observations));
    this.#network.forward(rows);
    this.#heads.prepare(rows);
    return Float64Array.from({ length: rows }, (_, row) => this.#heads.action(this.#heads.likeliest(row)));
  }
}
