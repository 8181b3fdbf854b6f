import {
  ExecutionMode,
  STRATEGY_KEYS,
  Selection,
  type Strategy,
  type BanditConfig,
  type ClosedTrade,
} from '@bellwether/contracts';
import { NO_MODELS, learnLinear, withContext, type LinearState } from '../linucb.js';
import { policyOf } from '../policies/arm-policies.js';
import { mappedStrategy } from '../regime-map.js';
import { learn, type Rewards } from '../rewards.js';
import { probabilities } from '../selection.js';
import type { LoggedChoice } from './logged-choices.js';

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

/** Where a log has no release: what a book file has by default. */
const DEFAULT_CONFIG: BanditConfig = {
  ...{ ucb_c: 2, min_count: 20, probability_floor: 0.05, selection: Selection.UCB1 },
  ...{ linucb_alpha: 0.3, linucb_ridge: 1 },
  ...{ neural_alpha: 0, neural_ridge: 0, neural_kept: 0, epsilon: 0 },
};
const EPSILON_DEFAULT = 0.1;

const NOTHING = (): void => undefined;

/** The policy of a name, with the numbers of the book's release; null where there is no such policy. */
export function targetPolicy(name: string, config: BanditConfig | null): TargetPolicy | null {
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

function learning(name: string, config: BanditConfig): TargetPolicy {
  let rewards: Rewards = { arms: [], rewarded: [] };
  let linear: LinearState = NO_MODELS;
  return {
    name,
    vector: ({ arms, x }) => {
      const knowledge = { arms: rewards.arms, linear, x, neural: null, execution: ExecutionMode.PAPER };
      const policy = policyOf(knowledge, config);
      const scores = arms.map((arm) => policy.scoreOf(arm));
      return probabilities(scores, policy.floor(arms.length));
    },
    onChoice: ({ symbol, decision_id, arms, chosen, x }) => {
      if (x !== null) linear = withContext(linear, { symbol, decision_id, strategy: arms[chosen]!, x });
    },
    onReward: (trade) => {
      rewards = learn(rewards, [trade]);
      linear = learnLinear(linear, [trade], config.linucb_ridge);
    },
  };
}

/** The vector of the policy at each choice, in order. */
export function vectorsOf(
  policy: TargetPolicy,
  choices: readonly LoggedChoice[],
): readonly (readonly number[])[] {
  const due = choices
    .flatMap(({ trade, known_at }) => (trade === null ? [] : [{ trade, known_at }]))
    .sort((a, b) => a.known_at - b.known_at);
  let told = 0;
  return choices.map((choice, i) => {
    for (; told < due.length && due[told]!.known_at <= i; told++) policy.onReward(due[told]!.trade);
    const vector = policy.vector(choice);
    policy.onChoice(choice);
    return vector;
  });
}
