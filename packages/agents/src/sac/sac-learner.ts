import { assert } from '@bellwether/kernel';
import {
  Adam,
  Network,
  TrainingDiverged,
  encodedWidth,
  parametersOf,
  setParameters,
  wasmEngine,
  type Engine,
} from '@bellwether/nn';
import type { ActionSpace, ObservedQuantity } from '../environment.js';
import { encodingOf } from '../environment.js';
import { denseNetwork, initialPolicy, type TrainedPolicy } from '../policy/policy-network.js';
import {
  SquashedGaussianHeads,
  squashedGaussianPolicy,
  type ActionRange,
} from '../policy/squashed-gaussian.js';
import { randomSource, type Random } from '../random.js';
import { Critics } from './critics.js';
import type { ReplayBuffer } from './replay-buffer.js';
import { reparameterised, softPolicyLoss } from './reparameterised.js';
import { Temperature } from './temperature.js';

export interface SacOptions {
  readonly seed: string;
  readonly hidden: readonly number[];
  readonly rate: number;
  readonly discount: number;
  /** Share by which the slow critics follow at each step. */
  readonly follow: number;
  readonly batch: number;
  /** Of the squashed action in [-1, 1]; minus the number of actions is usual. */
  readonly targetEntropy: number;
  readonly firstTemperature: number;
  readonly gradientMax: number;
  /** Rewards are multiplied by this before they are learned from. */
  readonly rewardScale: number;
}

/** What a network needs to know of a world: what is seen, and which actions there are. */
export interface SacWorld {
  readonly observations: readonly ObservedQuantity[];
  readonly masked?: boolean;
  readonly action: ActionSpace;
}

/** What one step of learning came to. */
export interface SacLesson {
  readonly criticLoss: number;
  readonly policyLoss: number;
  readonly temperature: number;
}

/**
 * Soft actor-critic (Haarnoja et al. 2018, arXiv 1801.01290 and 1812.05905) over a buffer of steps, whoever took them: squashed
 * policy, two critics with slow copies, learned temperature. The same options and steps give the same bits.
 */
export class SacLearner {
  readonly #actor: Network;
  readonly #heads: SquashedGaussianHeads;
  readonly #adam: Adam;
  readonly #critics: Critics;
  readonly #temperature: Temperature;
  readonly #random: Random;

  constructor(
    private readonly world: SacWorld,
    private readonly options: SacOptions,
    engine: Engine = wasmEngine(),
  ) {
    const range = rangeOf(world.action);
    const { seed, hidden, batch, rate, gradientMax } = options;
    const width = encodedWidth(encodingOf(world));
    const description = denseNetwork(width, hidden, squashedGaussianPolicy(range).heads, 'relu');
    const adam = { schedule: { kind: 'constant', rate }, gradientMax } as const;
    this.#actor = new Network(engine, description, batch);
    setParameters(this.#actor, initialPolicy(description, `${seed} actor`, FIRST_DEVIATION));
    this.#heads = new SquashedGaussianHeads(this.#actor, range);
    this.#adam = new Adam(engine, this.#actor, adam);
    this.#critics = new Critics(engine, { seed, width, hidden, rows: batch, adam });
    this.#temperature = new Temperature(options.firstTemperature, options.targetEntropy, rate);
    this.#random = randomSource(`${seed} learner`);
  }

  /** One step of critics, policy and temperature on steps drawn from the buffer. @throws TrainingDiverged */
  learn(buffer: ReplayBuffer): SacLesson {
    const { batch, discount, follow, rewardScale } = this.options;
    const { seen, actions, rewards, seenNext, goesOn } = buffer.draw(batch, this.#random);
    const next = this.#act(seenNext);
    const worth = this.#critics.targetValues(seenNext, next.drawn.actions);
    const temperature = this.#temperature.value;
    const targets = worth.map((value, row) => {
      const soft = value - temperature * next.drawn.logProbabilities[row]!;
      return rewardScale * rewards[row]! + discount * goesOn[row]! * soft;
    });
    const criticLoss = this.#critics.learn(seen, actions, targets);
    const { noise, drawn } = this.#act(seen);
    const judged = this.#critics.valuesAndSlopes(seen, drawn.actions);
    const policyLoss = softPolicyLoss(this.#heads, noise, drawn, judged, temperature);
    this.#actor.zeroGradients();
    this.#actor.backward(batch, this.#heads.outputs);
    const { gradientNorm } = this.#adam.step();
    if (![criticLoss, policyLoss, gradientNorm].every(Number.isFinite)) {
      throw new TrainingDiverged('A loss of the agent or its gradient is not finite');
    }
    this.#temperature.learn(drawn.logProbabilities);
    this.#critics.follow(follow);
    return { criticLoss, policyLoss, temperature };
  }

  /** An action in [-1, 1], drawn from the policy for one observation. */
  draw(seen: Float32Array, random: Random): number {
    this.#actor.input.view.set(seen);
    this.#actor.forward(1);
    this.#heads.prepare(1);
    return Math.tanh(this.#heads.draw(0, random));
  }

  /** A copy of the policy as it is now. */
  policy(): TrainedPolicy {
    return {
      description: this.#actor.description,
      parameters: parametersOf(this.#actor),
      encoding: encodingOf(this.world),
      action: this.world.action,
    };
  }

  #act(seen: Float32Array) {
    const { batch } = this.options;
    this.#actor.input.view.set(seen);
    this.#actor.forward(batch);
    this.#heads.prepare(batch);
    const noise = Float64Array.from({ length: batch }, () => this.#random.normal());
    return { noise, drawn: reparameterised(this.#heads, noise) };
  }
}

/** Wide enough to try the whole range. */
const FIRST_DEVIATION = 1;

export function rangeOf(action: ActionSpace): ActionRange {
  assert(action.kind === 'range', 'This agent chooses a number of a range');
  return action;
}
