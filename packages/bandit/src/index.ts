export { COOL_DOWN_US, type ArmDay } from './arm-days.js';
export type { RememberedChoice } from './choices.js';
export {
  contextVector,
  learnLinear,
  linearScore,
  withContext,
  type ChoiceContext,
  type LinearState,
} from './linucb.js';
export { mappedStrategy } from './regime-map.js';
export { REWARDED_MAX, REWARD_MAX_R, REWARD_MIN_R, rewardOf, type ArmRecord } from './rewards.js';
export { drawn, probabilities, weighed } from './selection.js';
export { policyOf, type Knowledge, type NeuralKnowledge, type Policy } from './policies/arm-policies.js';
export { stage } from './stage.js';
export type { BanditStageState } from './state.js';
export { InverseRegression } from './policies/inverse-regression.js';
export {
  observedAll,
  priorPosterior,
  upperConfidence,
  type Forgetting,
  type LinearPosterior,
  type Observation,
} from './policies/posterior.js';
export {
  ChoiceCollector,
  type ChoiceLog,
  type LoggedChoice,
  type SeenFeatures,
} from './evaluation/logged-choices.js';
export {
  CHOICES_MIN,
  EFFECTIVE_MIN,
  EVALUATION_LEVEL,
  evaluatePolicy,
  loggedValue,
  type Evaluation,
  type EvaluationOptions,
  type Refusal,
  type Support,
  type ValueEstimate,
} from './evaluation/off-policy.js';
export {
  TARGET_NAMES,
  TRUNK_POLICY,
  targetPolicy,
  vectorsOf,
  neuralSettings,
  type TargetPolicy,
} from './evaluation/target-policy.js';
export { LoggedLearning, inOrder, learnedFrom, type TrunkSaid } from './evaluation/logged-learning.js';
export { trunkFeatures } from './neural/learn-rows.js';
