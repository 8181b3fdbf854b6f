import {
  ExecutionMode,
  STRATEGY_KEYS,
  Selection,
  type Strategy,
  type BanditConfig,
  type ClosedTrade,
} from '@bellwether/contracts';
import { policyOf, type NeuralKnowledge } from '../policies/arm-policies.js';
import { mappedStrategy } from '../regime-map.js';
import { probabilities } from '../selection.js';
import type { LoggedChoice } from './logged-choices.js';
import { LoggedLearning, inOrder, type TrunkSaid } from './logged-learning.js';

/**
 * A policy that is judged by choices which another one made. A policy that learns sees the rewards of the log only as they came
 * to be known, so each of its choices depends on the past alone.
 */
export interface TargetPolicy {
  readonly name: string;
  /** Probability of each live arm; together at most 1, less where it would rather not trade. */
  vector(choice: LoggedChoice): readonly number[];
  /** A choice was made, by the policy of the log. */
  onChoice(choice: LoggedChoice): void;
  onReward(trade: ClosedTrade): void;
}

/** Names that {@link targetPolicy} takes beside `fixed:<strategy>`. */
export const TARGET_NAMES = ['uniform', 'linucb', 'ucb1', 'epsilon_greedy', 'regime_map'] as const;

/** The policy that needs a trunk's word on each choice. */
export const TRUNK_POLICY = 'neural_linear';

/** Where a log has no release: what a book file has by default. */
const DEFAULT_CONFIG: BanditConfig = {
  ...{ ucb_c: 2, min_count: 20, probability_floor: 0.05, selection: Selection.UCB1 },
  ...{ linucb_alpha: 0.3, linucb_ridge: 1, linucb_kept: 0, record_kept: 0, no_trials: false },
  ...{ neural_alpha: 0, neural_ridge: 0, neural_kept: 0, epsilon: 0 },
};
const EPSILON_DEFAULT = 0.1;
/** What a book has that chooses by a trunk and names no others. */
const NEURAL_DEFAULTS = { neural_alpha: 0.3, neural_ridge: 100, neural_kept: 0.99 };

const NOTHING = (): void => undefined;

/**
 * The policy of a name, with the numbers of the book's release; null where there is no such policy, or no trunk that
 * {@link TRUNK_POLICY} could choose over.
 */
export function targetPolicy(
  name: string,
  config: BanditConfig | null,
  trunk: TrunkSaid | null = null,
): TargetPolicy | null {
  const settings = config ?? DEFAULT_CONFIG;
  switch (name) {
    case 'uniform':
      return unlearning(name, ({ arms }) => arms.map(() => 1 / arms.length));
    case 'regime_map':
      return unlearning(name, ({ arms, regime }) => certain(arms, mappedStrategy(regime)));
    case 'linucb':
      return learning(name, { ...settings, selection: Selection.LINUCB });
    case 'ucb1':
      return learning(name, { ...settings, selection: Selection.UCB1 });
    case 'epsilon_greedy': {
      const epsilon = settings.epsilon > 0 ? settings.epsilon : EPSILON_DEFAULT;
      return learning(name, { ...settings, epsilon, selection: Selection.EPSILON_GREEDY });
    }
    case TRUNK_POLICY:
      return trunk === null ? null : learning(name, neuralSettings(config), trunk);
    default: {
      const arm = fixedArm(name);
      return arm === null ? null : unlearning(name, ({ arms }) => certain(arms, arm));
    }
  }
}

function fixedArm(name: string): Strategy | null {
  const key = /^fixed:(S\d{1,2})$/i.exec(name)?.[1]?.toUpperCase();
  const place = STRATEGY_KEYS.findIndex((known) => known.toUpperCase() === key);
  return place < 0 ? null : ((place + 1) as Strategy);
}

/** All on one arm; nothing where it is not live: then it does not trade. */
function certain(arms: readonly Strategy[], wanted: Strategy): readonly number[] {
  return arms.map((arm) => (arm === wanted ? 1 : 0));
}

function unlearning(name: string, vector: TargetPolicy['vector']): TargetPolicy {
  return { name, vector, onChoice: NOTHING, onReward: NOTHING };
}

/** As the stage does it, over one trunk from the first choice on; where the trunk says nothing, LinUCB chooses. */
function learning(name: string, config: BanditConfig, said: TrunkSaid = new Map()): TargetPolicy {
  const known = new LoggedLearning(config, said);
  return {
    name,
    vector: ({ decision_id, arms, x }) => {
      const features = said.get(decision_id) ?? null;
      const neural: NeuralKnowledge | null =
        features === null ? null : { x: features, posteriorOf: (arm) => known.posteriorOf(arm) };
      const { arms: records, linear } = known;
      const policy = policyOf({ arms: records, linear, x, neural, execution: ExecutionMode.PAPER }, config);
      const scores = arms.map((arm) => policy.scoreOf(arm));
      return probabilities(scores, policy.floor(arms.length));
    },
    onChoice: (choice) => {
      known.chosen(choice);
    },
    onReward: (trade) => {
      known.rewarded(trade);
    },
  };
}

/** The numbers of a book that chooses by a trunk, also where this one names none. */
export function neuralSettings(config: BanditConfig | null): BanditConfig {
  const settings = config ?? DEFAULT_CONFIG;
  const own = settings.neural_ridge > 0 ? {} : NEURAL_DEFAULTS;
  return { ...settings, ...own, selection: Selection.NEURAL_LINEAR };
}

/** The vector of the policy at each choice, in order. */
export function vectorsOf(
  policy: TargetPolicy,
  choices: readonly LoggedChoice[],
): readonly (readonly number[])[] {
  const vectors: (readonly number[])[] = [];
  inOrder(
    choices,
    (choice) => {
      vectors.push(policy.vector(choice));
      policy.onChoice(choice);
    },
    (trade) => {
      policy.onReward(trade);
    },
  );
  return vectors;
}
