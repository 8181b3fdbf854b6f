export {
  encodeSeen,
  encodingOf,
  type ActionSpace,
  type Environment,
  type EpisodeEnd,
  type ObservedQuantity,
  type Transition,
} from './environment.js';
export { NO_PRICE, nextMultiplier, type MultiplierOptions, type MultiplierState } from './cvar/multiplier.js';
export { TAIL_EPISODES_MIN, tailOf, type Tail } from './cvar/tail.js';
export { cartPole, type CartPoleState } from './environments/cart-pole.js';
export {
  FAT_TAILED,
  fatTailedSizing,
  type FatTailedSizing,
  type SessionState,
} from './environments/fat-tailed-sizing.js';
export {
  oneStepSizing,
  type OneStepSizing,
  type OneStepState,
  type SizingRegime,
} from './environments/one-step-sizing.js';
export { pendulum, type PendulumState } from './environments/pendulum.js';
export {
  closedFormSizing,
  gridOptimum,
  sizingCvar,
  sizingValue,
  type ClosedForm,
  type SizingOptimum,
} from './environments/sizing-optimum.js';
export { evaluatePolicy, type EpisodeResults } from './evaluation/evaluate.js';
export { tailInterval } from './evaluation/tail-interval.js';
export { policyGraph } from './export/policy-graph.js';
export type { TrainedPolicy } from './policy/policy-network.js';
export { PolicyRunner } from './policy/policy-runner.js';
export { Ppo, type PpoIteration, type PpoOptions, type TailLimit } from './ppo/ppo.js';
export type { EpisodeDone } from './ppo/rollout.js';
export { randomSource, studentT, type Random } from './random.js';
export { ReplayBuffer, type LoggedStep, type StepRows } from './sac/replay-buffer.js';
export { Sac, type SacRunOptions } from './sac/sac.js';
export { SacLearner, type SacLesson, type SacOptions, type SacWorld } from './sac/sac-learner.js';
export { MULTIPLIER_ACTION, sizingObservations } from './sizing-world.js';
export {
  BOUNDS,
  SLACK_LIMIT,
  closedForm,
  runStudyTask,
  twoRegimes,
  type StudyOutcome,
  type StudyTask,
} from './studies/acceptance.js';
