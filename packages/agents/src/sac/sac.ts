import { encodedWidth, wasmEngine, type Engine } from '@bellwether/nn';
import { encodeSeen, encodingOf, type Environment } from '../environment.js';
import type { TrainedPolicy } from '../policy/policy-network.js';
import { randomSource, type Random } from '../random.js';
import { ReplayBuffer } from './replay-buffer.js';
import { SacLearner, rangeOf, type SacOptions } from './sac-learner.js';

export interface SacRunOptions extends SacOptions {
  /** Most steps that are remembered. */
  readonly capacity: number;
  /** Steps of actions drawn evenly before anything is learned. */
  readonly evenSteps: number;
  /** Steps between two lessons. */
  readonly stepsPerLesson: number;
}

/** SAC that takes its own steps in a world: acts, remembers, learns. */
export class Sac<State> {
  readonly #learner: SacLearner;
  readonly #buffer: ReplayBuffer;
  readonly #worldRandom: Random;
  readonly #random: Random;
  #state: State;
  #seen: Float32Array;
  #steps = 0;

  constructor(
    private readonly environment: Environment<State>,
    private readonly options: SacRunOptions,
    engine: Engine = wasmEngine(),
  ) {
    this.#learner = new SacLearner(environment, options, engine);
    this.#buffer = new ReplayBuffer(encodedWidth(encodingOf(environment)), options.capacity);
    this.#worldRandom = randomSource(`${options.seed} world`);
    this.#random = randomSource(`${options.seed} actions`);
    this.#state = environment.begin(this.#worldRandom);
    this.#seen = this.#look();
  }

  get steps(): number {
    return this.#steps;
  }

  /** One step in the world, and a lesson where it is time for one. */
  step(): void {
    const { evenSteps, stepsPerLesson } = this.options;
    const even = this.#steps < evenSteps;
    const action = even ? 2 * this.#random.uniform() - 1 : this.#learner.draw(this.#seen, this.#random);
    const { low, high } = rangeOf(this.environment.action);
    const done = (low + high) / 2 + (action * (high - low)) / 2;
    const { state, reward, end } = this.environment.step(this.#state, done, this.#worldRandom);
    const seen = this.#seen;
    this.#state = state;
    this.#seen = this.#look();
    this.#buffer.add({ seen, action, reward, seenNext: this.#seen, over: end === 'terminal' });
    this.#steps += 1;
    if (end !== 'none') {
      this.#state = this.environment.begin(this.#worldRandom);
      this.#seen = this.#look();
    }
    if (!even && this.#steps % stepsPerLesson === 0) this.#learner.learn(this.#buffer);
  }

  policy(): TrainedPolicy {
    return this.#learner.policy();
  }

  #look(): Float32Array {
    const seen = new Float32Array(this.environment.observations.length);
    this.environment.observe(this.#state, seen, 0);
    return encodeSeen(encodingOf(this.environment), seen);
  }
}
