import { InverseRegression } from '@bellwether/bandit';

/** A policy of the bench: a score for each arm, and what it makes of a reward. The highest score is chosen. */
export interface BenchPolicy {
  scores(x: Float64Array): readonly number[];
  learn(x: Float64Array, arm: number, reward: number): void;
  /** Share of rounds in which chance chooses among all arms. */
  readonly epsilon: number;
}

export interface PolicySettings {
  readonly arms: number;
  readonly width: number;
  readonly seed: string;
  /** Weight of the uncertainty. */
  readonly alpha: number;
  readonly ridge: number;
}

export function uniformPolicy({ arms }: PolicySettings): BenchPolicy {
  const scores = new Array<number>(arms).fill(0);
  return { epsilon: 0, scores: () => scores, learn: () => undefined };
}

/** LinUCB with a regression for each arm (Li, Chu, Langford and Schapire 2010, algorithm 1). */
export function linucbPolicy({ arms, width, alpha, ridge }: PolicySettings): BenchPolicy {
  return overRegressions(arms, width, ridge, (variance) => alpha * Math.sqrt(Math.max(0, variance)));
}

/** LinUCB as in the published runs: the bonus is x' A^-1 x without the root, ridge and weight 1. */
export function publishedLinucbPolicy({ arms, width }: PolicySettings): BenchPolicy {
  return overRegressions(arms, width, 1, (variance) => variance);
}

function overRegressions(
  arms: number,
  width: number,
  ridge: number,
  bonus: (variance: number) => number,
): BenchPolicy {
  const regressions = Array.from({ length: arms }, () => new InverseRegression(width, ridge));
  return {
    epsilon: 0,
    scores: (x) => regressions.map((one) => one.expected(x) + bonus(one.variance(x))),
    learn: (x, arm, reward) => {
      regressions[arm]!.observe(x, reward);
    },
  };
}
