import {
  learnedFrom,
  linearScore,
  neuralSettings,
  upperConfidence,
  type ChoiceLog,
  type LoggedChoice,
  type LoggedLearning,
  type TrunkSaid,
} from '@bellwether/bandit';
import type { BanditConfig, Strategy } from '@bellwether/contracts';
import type { ArmBelief, ArmInRegime, RegimeRows } from './report-model.js';

const NOTHING_SAID: TrunkSaid = new Map();

/** Every regime in which something was chosen, in order, with every arm that was live there. */
export function regimeRows({ choices, config }: ChoiceLog, said: TrunkSaid | null): readonly RegimeRows[] {
  const settings = neuralSettings(config);
  const learned = learnedFrom(choices, settings, said ?? NOTHING_SAID);
  const regimes = [...new Set(choices.map(({ regime }) => regime))].sort((a, b) => a - b);
  return regimes.map((regime) => {
    const own = choices.filter((choice) => choice.regime === regime);
    const strategies = [...new Set(own.flatMap(({ arms }) => arms))].sort((a, b) => a - b);
    const x = meanOf(own.flatMap((choice) => (choice.x === null ? [] : [choice.x])));
    const features = meanOf(
      own.flatMap(({ decision_id }) => {
        const found = said?.get(decision_id);
        return found === undefined ? [] : [[...found]];
      }),
    );
    const arms = strategies.map((strategy) => ({
      ...figuresOf(strategy, own),
      linear: linearBelief(learned, strategy, x, settings),
      trunk: trunkBelief(learned, strategy, features),
    }));
    return { regime, choices: own.length, arms };
  });
}

function figuresOf(
  strategy: Strategy,
  choices: readonly LoggedChoice[],
): Omit<ArmInRegime, 'linear' | 'trunk'> {
  const live = choices.filter(({ arms }) => arms.includes(strategy));
  const given = live.map(({ arms, probabilities }) => probabilities[arms.indexOf(strategy)]!);
  const own = live.filter(({ arms, chosen }) => arms[chosen] === strategy);
  const rewards = own.flatMap(({ trade, reward }) => (trade === null ? [] : [reward]));
  return {
    ...{ strategy, live: live.length, chosen: own.length, trades: rewards.length },
    probability: given.reduce((sum, value) => sum + value, 0) / Math.max(1, given.length),
    probability_last: given.at(-1) ?? 0,
    mean_r: rewards.length === 0 ? null : rewards.reduce((sum, value) => sum + value, 0) / rewards.length,
  };
}

function meanOf(rows: readonly (readonly number[])[]): readonly number[] | null {
  const [first] = rows;
  if (first === undefined) return null;
  return first.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
}

function linearBelief(
  { linear }: LoggedLearning,
  strategy: Strategy,
  x: readonly number[] | null,
  { linucb_ridge: ridge }: BanditConfig,
): ArmBelief | null {
  if (x === null || !linear.models.some((model) => model.strategy === strategy)) return null;
  const expected_r = linearScore(linear, strategy, x, { alpha: 0, ridge });
  return { expected_r, doubt_r: linearScore(linear, strategy, x, { alpha: 1, ridge }) - expected_r };
}

function trunkBelief(
  learned: LoggedLearning,
  strategy: Strategy,
  features: readonly number[] | null,
): ArmBelief | null {
  if (features === null) return null;
  const posterior = learned.posteriorOf(strategy);
  if (posterior.count === 0) return null;
  const x = Float64Array.from(features);
  const expected_r = upperConfidence(posterior, x, 0);
  return { expected_r, doubt_r: upperConfidence(posterior, x, 1) - expected_r };
}
