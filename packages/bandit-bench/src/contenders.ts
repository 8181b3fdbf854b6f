import type { BenchPolicy, PolicySettings } from './policies/bench-policy.js';
import { linucbPolicy, publishedLinucbPolicy, uniformPolicy } from './policies/bench-policy.js';
import { epsilonGreedyPolicy, neuralLinearPolicy } from './policies/neural-policies.js';
import type { Encoding } from './sets/environment.js';

/** The policies of the bench. All but the last see the same context. */
export const CONTENDERS = [
  'uniform',
  'linucb',
  'epsilon_greedy',
  'neural_greedy',
  'neural_linear',
  'published_linucb',
] as const;

export type Contender = (typeof CONTENDERS)[number];

export const EPSILON = 0.05;

interface ContenderFacts {
  readonly title: string;
  /** In a chart of letters. */
  readonly mark: string;
  readonly encoding: Encoding;
  readonly make: (settings: PolicySettings) => BenchPolicy;
}

export const CONTENDER_FACTS: Readonly<Record<Contender, ContenderFacts>> = {
  uniform: { title: 'uniform', mark: 'u', encoding: 'running', make: uniformPolicy },
  linucb: { title: 'LinUCB', mark: 'L', encoding: 'running', make: linucbPolicy },
  epsilon_greedy: {
    title: `epsilon-greedy ${EPSILON}, network`,
    mark: 'e',
    encoding: 'running',
    make: (settings) => epsilonGreedyPolicy(settings, EPSILON),
  },
  neural_greedy: {
    title: 'Neural-Linear, alpha 0',
    mark: 'g',
    encoding: 'running',
    make: (settings) => neuralLinearPolicy({ ...settings, alpha: 0 }),
  },
  neural_linear: { title: 'Neural-Linear UCB', mark: 'N', encoding: 'running', make: neuralLinearPolicy },
  published_linucb: {
    title: 'LinUCB, published recipe',
    mark: 'p',
    encoding: 'ordinal',
    make: publishedLinucbPolicy,
  },
};
