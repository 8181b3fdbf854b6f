import { assert } from '@bellwether/kernel';
import {
  Adam,
  Network,
  TrainingDiverged,
  encodedWidth,
  gatherRows,
  initialParameters,
  parametersOf,
  predict,
  setParameters,
  shuffledOrder,
  squaredError,
  wasmEngine,
  type Engine,
  type Schedule,
} from '@bellwether/nn';
import {
  NO_PRICE,
  nextMultiplier,
  type MultiplierOptions,
  type MultiplierState,
} from '../cvar/multiplier.js';
import { TAIL_EPISODES_MIN, chargeTail, tailOf, type Tail } from '../cvar/tail.js';
import { encodingOf, type Environment } from '../environment.js';
import type { PolicyHeads } from '../policy/policy.js';
import { denseNetwork, initialPolicy, policyKindOf, type TrainedPolicy } from '../policy/policy-network.js';
import { advantagesOf, normalised } from './advantages.js';
import { clippedPolicyLoss } from './policy-loss.js';
import { Rollout, type Batch, type EpisodeDone } from './rollout.js';

/** A limit on the mean loss of the worst episodes. */
export interface TailLimit {
  /** The worst 1 - confidence of the episodes count. */
  readonly confidence: number;
  /** CVaR of an episode's loss that is not to be exceeded, in units of the reward, above 0. */
  readonly limit: number;
  readonly multiplier?: MultiplierOptions;
}

export interface PpoOptions {
  readonly seed: string;
  readonly lanes: number;
  /** So many steps of each lane a batch, or one whole episode of each. A limit on the tail wants whole episodes. */
  readonly collect: { readonly kind: 'steps'; readonly steps: number } | { readonly kind: 'episodes' };
  readonly hidden: readonly number[];
  readonly discount: number;
  readonly trace: number;
  readonly clip: number;
  readonly entropy: number;
  readonly epochs: number;
  readonly minibatch: number;
  readonly policyRate: Schedule;
  readonly valueRate: Schedule;
  /** No further epoch once the policy moved this far from the one that chose. */
  readonly divergenceMax: number;
  readonly gradientMax: number;
  /** Least deviation that advantages are divided by. */
  readonly advantageDeviationMin: number;
  /** Deviation of a squashed choice, before the squash: at first, and at least. */
  readonly deviation: { readonly first: number; readonly least: number };
  readonly tail: TailLimit | null;
}

/** What a batch was and what was learned from it. */
export interface PpoIteration {
  /** Steps taken so far, in all lanes. */
  readonly steps: number;
  readonly episodes: readonly EpisodeDone[];
  /** Of the batch's episodes; null without a limit on the tail. */
  readonly tail: Tail | null;
  /** Price of the tail while learning from the batch. */
  readonly lambda: number;
  readonly divergence: number;
  readonly epochs: number;
}

/**
 * Proximal policy optimisation, and with `tail` its form with a limit on the tail of losses (Ying et al. 2022, arXiv
 * 2206.04436, by the Lagrangian of the paper; ADR 0038). The same options give the same bits on the same version of Node.
 */
export class Ppo<State> {
  /** Of what the networks are given. */
  readonly #width: number;
  readonly #actor: Network;
  readonly #critic: Network;
  readonly #policy: PolicyHeads;
  readonly #actorAdam: Adam;
  readonly #criticAdam: Adam;
  readonly #rollout: Rollout<State>;
  #steps = 0;
  #iterations = 0;
  #price: MultiplierState = NO_PRICE;

  constructor(
    private readonly environment: Environment<State>,
    private readonly options: PpoOptions,
    engine: Engine = wasmEngine(),
  ) {
    assertOptions(options);
    const { seed, lanes, minibatch, hidden, gradientMax } = options;
    const width = encodedWidth(encodingOf(environment));
    this.#width = width;
    const kind = policyKindOf(environment.action, options.deviation.least);
    const rows = Math.max(lanes, minibatch);
    this.#actor = new Network(engine, denseNetwork(width, hidden, kind.heads), rows);
    this.#critic = new Network(
      engine,
      denseNetwork(width, hidden, [{ name: VALUE, out: 1, output: 'linear' }]),
      rows,
    );
    setParameters(
      this.#actor,
      initialPolicy(this.#actor.description, `${seed} actor`, options.deviation.first),
    );
    setParameters(this.#critic, initialParameters(this.#critic.description, `${seed} critic`));
    this.#policy = kind.of(this.#actor);
    this.#actorAdam = new Adam(engine, this.#actor, { schedule: options.policyRate, gradientMax });
    this.#criticAdam = new Adam(engine, this.#critic, { schedule: options.valueRate, gradientMax });
    this.#rollout = new Rollout(environment, this.#actor, this.#policy, { seed, lanes });
  }

  /** Acts for one batch and learns from it. @throws TrainingDiverged */
  iterate(): PpoIteration {
    const { collect } = this.options;
    const batch =
      collect.kind === 'steps' ? this.#rollout.steps(collect.steps) : this.#rollout.wholeEpisodes();
    this.#steps += batch.rows;
    this.#iterations += 1;
    const tail = this.#chargeTail(batch);
    const learned = this.#learn(batch);
    return { steps: this.#steps, episodes: batch.episodes, tail, lambda: this.#price.lambda, ...learned };
  }

  /** A copy of the policy as it is now. */
  policy(): TrainedPolicy {
    return {
      description: this.#actor.description,
      parameters: parametersOf(this.#actor),
      encoding: encodingOf(this.environment),
      action: this.environment.action,
    };
  }

  /** Sets the price and takes it from the last reward of each episode in the tail. */
  #chargeTail(batch: Batch): Tail | null {
    const limit = this.options.tail;
    if (limit === null) return null;
    const { confidence } = limit;
    const sums = batch.episodes.map(({ sum }) => sum);
    const tail = tailOf(sums, confidence);
    this.#price = nextMultiplier(this.#price, tail.cvar, limit.limit, limit.multiplier);
    chargeTail(batch, tail, this.#price.lambda, confidence);
    return tail;
  }

  #learn(batch: Batch): { readonly divergence: number; readonly epochs: number } {
    const { epochs, minibatch, seed, divergenceMax, advantageDeviationMin } = this.options;
    const values = predict(this.#critic, batch.inputs, VALUE);
    const openValues = predict(this.#critic, batch.openInputs, VALUE);
    const { advantages, targets } = advantagesOf(batch, values, openValues, this.options);
    const lessons = { batch, advantages: normalised(advantages, advantageDeviationMin), targets };
    let divergence = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = shuffledOrder(batch.rows, `${seed} ${this.#iterations} ${epoch}`);
      let [sum, parts] = [0, 0];
      for (let from = 0; from < batch.rows; from += minibatch) {
        sum += this.#update(order.subarray(from, from + minibatch), lessons);
        parts += 1;
      }
      divergence = sum / parts;
      if (divergence > divergenceMax) return { divergence, epochs: epoch + 1 };
    }
    return { divergence, epochs };
  }

  /** One step of both networks; says how far the policy is from the one that chose. */
  #update(rows: Int32Array, { batch, advantages, targets }: Lessons): number {
    const width = this.#width;
    const of = (values: Float64Array): Float64Array => taken(values, rows);
    gatherRows(batch.inputs, width, rows, this.#actor.input);
    this.#actor.forward(rows.length);
    this.#policy.prepare(rows.length);
    const known = {
      choices: of(batch.choices),
      logProbabilities: of(batch.logProbabilities),
      advantages: of(advantages),
    };
    const loss = clippedPolicyLoss(this.#policy, rows.length, known, this.options);
    step(this.#actor, this.#actorAdam, rows.length, this.#policy.outputs, loss.sum);
    gatherRows(batch.inputs, width, rows, this.#critic.input);
    this.#critic.forward(rows.length);
    const place = {
      output: this.#critic.output(VALUE),
      gradient: this.#critic.outputGradient(VALUE),
      width: 1,
    };
    const error = squaredError({ ...place, rows: rows.length }, of(targets));
    step(this.#critic, this.#criticAdam, rows.length, [VALUE], error.sum);
    return loss.divergence;
  }
}

const VALUE = 'value';

function taken(values: Float64Array, rows: Int32Array): Float64Array {
  const some = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) some[i] = values[rows[i]!]!;
  return some;
}

interface Lessons {
  readonly batch: Batch;
  readonly advantages: Float64Array;
  readonly targets: Float64Array;
}

function step(network: Network, adam: Adam, rows: number, outputs: readonly string[], loss: number): void {
  network.zeroGradients();
  network.backward(rows, outputs);
  const { gradientNorm } = adam.step();
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
    throw new TrainingDiverged('A loss of the agent or its gradient is not finite');
  }
}

function assertOptions({ tail, collect, lanes, epochs, advantageDeviationMin }: PpoOptions): void {
  assert(epochs > 0 && advantageDeviationMin > 0, 'Epochs and the least deviation are above 0');
  if (tail === null) return;
  assert(tail.limit > 0, 'A limit on the tail is above 0');
  assert(collect.kind === 'episodes', 'The tail is that of whole episodes');
  const inTail = (1 - tail.confidence) * lanes;
  assert(inTail > TAIL_EPISODES_MIN - 1e-6, `${TAIL_EPISODES_MIN} episodes of each batch lie in the tail`);
}
