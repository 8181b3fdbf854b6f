import { assert } from '@bellwether/kernel';
import { encodedWidth, type InputEncoding, type Network } from '@bellwether/nn';
import { encodeSeen, encodingOf, type Environment } from '../environment.js';
import type { PolicyHeads } from '../policy/policy.js';
import { randomSource, type Random } from '../random.js';

/** An episode that ended within a batch. */
export interface EpisodeDone {
  /** Row of its last step. */
  readonly lastRow: number;
  /** Sum of its rewards, not discounted. */
  readonly sum: number;
  readonly steps: number;
}

/**
 * What an agent saw and did, in the order of time: row by row one step of one lane. The next step of the same lane stands
 * further behind, at `next`; -1 where there is none.
 */
export interface Batch {
  readonly rows: number;
  /** [rows, width], as the network is given it. */
  readonly inputs: Float32Array;
  /** Before the squash. */
  readonly choices: Float64Array;
  readonly logProbabilities: Float64Array;
  readonly rewards: Float64Array;
  readonly next: Int32Array;
  /** Rows behind which the value of what was seen next counts: the time was over, or the batch. */
  readonly openRows: readonly number[];
  /** [openRows, width]: what was seen there. */
  readonly openInputs: Float32Array;
  readonly episodes: readonly EpisodeDone[];
}

interface Lane<State> {
  readonly random: Random;
  state: State;
  sum: number;
  steps: number;
  /** Row of the step before in this batch, or -1. */
  lastRow: number;
}

interface RolloutOptions {
  readonly seed: string;
  /** Episodes that run side by side. */
  readonly lanes: number;
}

interface Growing {
  readonly capacity: number;
  rows: number;
  readonly inputs: Float32Array;
  readonly choices: Float64Array;
  readonly logProbabilities: Float64Array;
  readonly rewards: Float64Array;
  readonly next: Int32Array;
  readonly openRows: number[];
  readonly openInputs: number[];
  readonly episodes: EpisodeDone[];
}

/** Lets a policy act in many copies of a world at once: one forward pass for the steps of all. */
export class Rollout<State> {
  readonly #lanes: readonly Lane<State>[];
  readonly #encoding: InputEncoding;
  /** Numbers of an observation, and of what the network is given of it. */
  readonly #observed: number;
  readonly #width: number;
  readonly #choice: Random;
  readonly #seen: Float32Array;

  constructor(
    private readonly environment: Environment<State>,
    private readonly network: Network,
    private readonly policy: PolicyHeads,
    { seed, lanes }: RolloutOptions,
  ) {
    assert(lanes > 0 && lanes <= network.batchMax, 'The network is laid out for every lane');
    this.#encoding = encodingOf(environment);
    this.#observed = environment.observations.length;
    this.#width = encodedWidth(this.#encoding);
    this.#choice = randomSource(`${seed} choices`);
    this.#seen = new Float32Array(lanes * this.#observed);
    this.#lanes = Array.from({ length: lanes }, (_, i) => {
      const random = randomSource(`${seed} lane ${i}`);
      return { random, state: environment.begin(random), sum: 0, steps: 0, lastRow: -1 };
    });
  }

  /** So many steps in each lane; an episode that ends is followed by the next, the last ones are cut. */
  steps(count: number): Batch {
    const batch = this.#open(count * this.#lanes.length);
    for (const lane of this.#lanes) lane.lastRow = -1;
    for (let i = 0; i < count; i++) this.#step(batch, this.#lanes);
    for (const lane of this.#lanes) if (lane.lastRow >= 0) this.#leaveOpen(batch, lane);
    return closed(batch, this.#width);
  }

  /** One whole episode in each lane. */
  wholeEpisodes(): Batch {
    const batch = this.#open(this.environment.stepsMax * this.#lanes.length);
    for (const lane of this.#lanes) this.#begin(lane);
    for (let active = this.#lanes; active.length > 0;) {
      active = this.#step(batch, active);
    }
    return closed(batch, this.#width);
  }

  /** One step in each of these lanes; says which of them are still in the same episode. */
  #step(batch: Growing, active: readonly Lane<State>[]): readonly Lane<State>[] {
    assert(batch.rows + active.length <= batch.capacity, 'No episode is longer than its environment says');
    const seen = this.#look(active);
    this.network.input.view.set(seen);
    this.network.forward(active.length);
    this.policy.prepare(active.length);
    batch.inputs.set(seen, batch.rows * this.#width);
    const first = batch.rows;
    batch.rows += active.length;
    return active.filter((lane, i) => this.#act(batch, lane, first + i, i));
  }

  #act(batch: Growing, lane: Lane<State>, row: number, place: number): boolean {
    const choice = this.policy.draw(place, this.#choice);
    const { state, reward, end } = this.environment.step(lane.state, this.policy.action(choice), lane.random);
    batch.choices[row] = choice;
    batch.logProbabilities[row] = this.policy.logProbability(place, choice);
    batch.rewards[row] = reward;
    batch.next[row] = -1;
    if (lane.lastRow >= 0) batch.next[lane.lastRow] = row;
    lane.lastRow = row;
    lane.state = state;
    lane.sum += reward;
    lane.steps += 1;
    if (end === 'none') return true;
    if (end === 'time_limit') this.#leaveOpen(batch, lane);
    batch.episodes.push({ lastRow: row, sum: lane.sum, steps: lane.steps });
    this.#begin(lane);
    return false;
  }

  #begin(lane: Lane<State>): void {
    lane.state = this.environment.begin(lane.random);
    lane.sum = 0;
    lane.steps = 0;
    lane.lastRow = -1;
  }

  #look(active: readonly Lane<State>[]): Float32Array {
    const width = this.#observed;
    active.forEach(({ state }, i) => this.environment.observe(state, this.#seen, i * width));
    return encodeSeen(this.#encoding, this.#seen.subarray(0, active.length * width));
  }

  #leaveOpen(batch: Growing, lane: Lane<State>): void {
    batch.openRows.push(lane.lastRow);
    batch.openInputs.push(...this.#look([lane]));
  }

  #open(capacity: number): Growing {
    return {
      ...{ capacity, rows: 0, openRows: [], openInputs: [], episodes: [] },
      inputs: new Float32Array(capacity * this.#width),
      choices: new Float64Array(capacity),
      logProbabilities: new Float64Array(capacity),
      rewards: new Float64Array(capacity),
      next: new Int32Array(capacity),
    };
  }
}

function closed(batch: Growing, width: number): Batch {
  const { rows } = batch;
  return {
    rows,
    inputs: batch.inputs.subarray(0, rows * width),
    choices: batch.choices.subarray(0, rows),
    logProbabilities: batch.logProbabilities.subarray(0, rows),
    rewards: batch.rewards.subarray(0, rows),
    next: batch.next.subarray(0, rows),
    openRows: batch.openRows,
    openInputs: Float32Array.from(batch.openInputs),
    episodes: batch.episodes,
  };
}
