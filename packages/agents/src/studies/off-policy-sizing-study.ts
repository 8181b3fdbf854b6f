import { encodeInputs } from '@bellwether/nn';
import { encodingOf } from '../environment.js';
import { oneStepSizing } from '../environments/one-step-sizing.js';
import { PolicyRunner } from '../policy/policy-runner.js';
import { randomSource } from '../random.js';
import { ReplayBuffer } from '../sac/replay-buffer.js';
import { SacLearner, type SacOptions } from '../sac/sac-learner.js';
import { ONE_REGIME } from './sizing-study.js';

/** Steps that are remembered, lessons, and steps that come in between two lessons. */
export const OFF_POLICY_LESSONS = 12_000;
const CAPACITY = 100_000;
const STEPS_PER_LESSON = 80;

export const OFF_POLICY_OPTIONS: Omit<SacOptions, 'seed'> = {
  hidden: [16, 16],
  rate: 3e-4,
  discount: 1,
  follow: 0.005,
  batch: 256,
  targetEntropy: -1,
  firstTemperature: 0.1,
  gradientMax: 10,
  rewardScale: 1,
};

/**
 * Learns the size of one-step sizing, its limit slack, from a log of sizes that were drawn evenly: nothing that the agent
 * itself would have chosen. Says the size without noise, mean of the last half of the lessons. Results scatter so much that
 * even the best estimate from 100,000 steps is 5 % off (one deviation); so the log is ten times as long as what is remembered.
 */
export function offPolicySizingStudy(
  seed: string,
  lessons = OFF_POLICY_LESSONS,
  options = OFF_POLICY_OPTIONS,
): number {
  const environment = oneStepSizing(ONE_REGIME);
  const seen = encodeInputs(encodingOf(environment), Float32Array.of(1), null);
  const buffer = new ReplayBuffer(1, CAPACITY);
  const random = randomSource(`${seed} log`);
  const log = (steps: number): void => {
    for (let i = 0; i < steps; i++) {
      const action = 2 * random.uniform() - 1;
      const size = (ONE_REGIME.sizeMax * (1 + action)) / 2;
      const { reward } = environment.step(environment.begin(random), size, random);
      buffer.add({ seen, action, reward, seenNext: seen, over: true });
    }
  };
  const learner = new SacLearner(environment, { ...options, seed });
  const runner = new PolicyRunner(learner.policy(), 1);
  const from = Math.floor(lessons / 2);
  let size = 0;
  log(CAPACITY);
  for (let lesson = 0; lesson < lessons; lesson++) {
    log(STEPS_PER_LESSON);
    learner.learn(buffer);
    if (lesson < from) continue;
    runner.take(learner.policy().parameters);
    size += runner.actions(Float32Array.of(1))[0]! / (lessons - from);
  }
  return size;
}
