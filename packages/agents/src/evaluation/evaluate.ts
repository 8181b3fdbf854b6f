import type { Environment } from '../environment.js';
import type { TrainedPolicy } from '../policy/policy-network.js';
import { PolicyRunner } from '../policy/policy-runner.js';
import { randomSource, type Random } from '../random.js';

/** By their own names: a member of a global is looked up at each call where tests run. */
const { max } = Math;

/** How episodes went, in their order. */
export interface EpisodeResults {
  /** Sum of the rewards. */
  readonly returns: readonly number[];
  /** Deepest fall of the running sum of rewards from its highest so far, the beginning included. */
  readonly drawdowns: readonly number[];
  readonly steps: readonly number[];
}

interface Playing<State> {
  readonly random: Random;
  state: State;
  sum: number;
  highest: number;
  drawdown: number;
  steps: number;
  over: boolean;
}

/**
 * Lets a policy act without noise. Each episode has a seed of its own, so two policies that are given the same seed meet the
 * same episodes.
 */
export function evaluatePolicy<State>(
  environment: Environment<State>,
  policy: TrainedPolicy,
  options: { readonly seed: string; readonly episodes: number },
): EpisodeResults {
  const width = environment.observations.length;
  const runner = new PolicyRunner(policy, options.episodes);
  const all = Array.from({ length: options.episodes }, (_, i): Playing<State> => {
    const random = randomSource(`${options.seed} episode ${i}`);
    const state = environment.begin(random);
    return { random, state, sum: 0, highest: 0, drawdown: 0, steps: 0, over: false };
  });
  for (let playing = all; playing.length > 0; playing = playing.filter(({ over }) => !over)) {
    const seen = new Float32Array(playing.length * width);
    playing.forEach(({ state }, i) => environment.observe(state, seen, i * width));
    const actions = runner.actions(seen);
    playing.forEach((one, i) => act(environment, one, actions[i]!));
  }
  return {
    returns: all.map(({ sum }) => sum),
    drawdowns: all.map(({ drawdown }) => drawdown),
    steps: all.map(({ steps }) => steps),
  };
}

function act<State>(environment: Environment<State>, one: Playing<State>, action: number): void {
  const { state, reward, end } = environment.step(one.state, action, one.random);
  one.state = state;
  one.sum += reward;
  one.highest = max(one.highest, one.sum);
  one.drawdown = max(one.drawdown, one.highest - one.sum);
  one.steps += 1;
  one.over = end !== 'none';
}
