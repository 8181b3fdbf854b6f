import { ExecutionMode, Selection, type BanditConfig, type Strategy } from '@bellwether/contracts';
import { linearScore, type LinearState } from '../linucb.js';
import { leftOf, recordOf, type ArmRecord } from '../rewards.js';
import { upperConfidence, type LinearPosterior } from './posterior.js';

/**
 * How an arm is judged: a score, or null where it is to go before any score because it is hardly known. Equal scores share.
 * Vector and draw are the same for every policy (selection.ts).
 */
export interface Policy {
  scoreOf(strategy: Strategy): number | null;
  /** Smallest probability that it gives each of so many arms. */
  floor(arms: number): number;
}

/** What the trunk sees in a frame, and what is known of each arm by it. */
export interface NeuralKnowledge {
  readonly x: Float64Array;
  posteriorOf(strategy: Strategy): LinearPosterior;
}

/** What is known of the arms, and the context in which one is chosen; null where it cannot be told. */
export interface Knowledge {
  readonly arms: readonly ArmRecord[];
  readonly linear: LinearState;
  readonly x: readonly number[] | null;
  /** Null where the trunk does not say: LinUCB takes its place. */
  readonly neural: NeuralKnowledge | null;
  readonly execution: ExecutionMode;
}

/**
 * The policy that a book asks for.
 *
 * - UCB1: mean + C sqrt(ln t / n), with n the closed trades of the arm and t those of all arms. Arms below `min_count`
 *   trades go first: they share the top weight until they have been tried. Where orders are real (`no_trials`) none does.
 * - LinUCB: the score of `linucb.ts`; all alike where the context is not known.
 * - Neural-Linear UCB: the same over the features of the trunk. Arms below `min_count` go first on paper only.
 * - Epsilon-greedy: mean R; no arm is drawn more rarely than chance in its share would. `min_count` as before.
 * - Regime map and uniform: all alike. The map has left at most one.
 */
export function policyOf(knowledge: Knowledge, config: BanditConfig): Policy {
  const floor = (): number => config.probability_floor;
  switch (config.selection) {
    case Selection.LINUCB:
      return { scoreOf: linearScorer(knowledge, config), floor };
    case Selection.NEURAL_LINEAR:
      return { scoreOf: neuralScorer(knowledge, config), floor };
    case Selection.EPSILON_GREEDY: {
      const least = (arms: number): number => Math.max(config.probability_floor, config.epsilon / arms);
      return { scoreOf: meanScorer(knowledge, config), floor: least };
    }
    case Selection.REGIME_MAP:
    case Selection.UNIFORM:
      return { scoreOf: () => null, floor };
    case Selection.UCB1:
    case Selection.UNSPECIFIED:
      return { scoreOf: upperBoundScorer(knowledge, config), floor };
  }
}

type Scorer = Policy['scoreOf'];

/** Of an arm without a trade where nothing is tried for its own sake: as if it earned its costs. */
const UNTRIED_R = 0;

function upperBoundScorer({ arms }: Knowledge, { min_count, ucb_c, no_trials }: BanditConfig): Scorer {
  const total = arms.reduce((sum, arm) => sum + leftOf(arm).count, 0);
  return (strategy) => {
    const record = recordOf(arms, strategy);
    if (no_trials && record.count === 0) return UNTRIED_R;
    if (!no_trials && record.count < Math.max(min_count, 1)) return null;
    const { count, sum_r } = leftOf(record);
    return sum_r / count + ucb_c * Math.sqrt(Math.log(total) / count);
  };
}

function linearScorer({ linear, x }: Knowledge, { linucb_alpha, linucb_ridge }: BanditConfig): Scorer {
  const settings = { alpha: linucb_alpha, ridge: linucb_ridge };
  return (strategy) => (x === null ? null : linearScore(linear, strategy, x, settings));
}

function neuralScorer(knowledge: Knowledge, config: BanditConfig): Scorer {
  const { neural, arms } = knowledge;
  const least = trialsOf(knowledge, config);
  // The regressions of LinUCB have their own settings also where they stand in.
  const score = neural === null ? linearScorer(knowledge, config) : null;
  return (strategy) => {
    if (recordOf(arms, strategy).count < least) return null;
    if (neural === null) return score === null ? null : score(strategy);
    return upperConfidence(neural.posteriorOf(strategy), neural.x, config.neural_alpha);
  };
}

function meanScorer(knowledge: Knowledge, config: BanditConfig): Scorer {
  const least = Math.max(trialsOf(knowledge, config), 1);
  return (strategy) => {
    const record = recordOf(knowledge.arms, strategy);
    const { count, sum_r } = leftOf(record);
    if (config.no_trials && record.count === 0) return UNTRIED_R;
    return record.count < least ? null : sum_r / count;
  };
}

/** Trades that an arm is tried for whatever it earns: on paper, where trying costs nothing. */
function trialsOf({ execution }: Knowledge, { min_count }: BanditConfig): number {
  return execution === ExecutionMode.PAPER ? min_count : 0;
}
