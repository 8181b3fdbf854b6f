import { observedAll, priorPosterior, upperConfidence, type Observation } from '@bellwether/bandit';
import type { BenchPolicy, PolicySettings } from './bench-policy.js';
import { HIDDEN_WIDTH, OnlineTrunk } from './online-trunk.js';

/** The arm that the network values most, and chance in a share of the rounds. */
export function epsilonGreedyPolicy(settings: PolicySettings, epsilon: number): BenchPolicy {
  const trunk = new OnlineTrunk(settings.width, settings.arms, settings.seed);
  return {
    epsilon,
    scores: (x) => trunk.values(x),
    learn: (x, arm, reward) => {
      trunk.learn(x, arm, reward);
    },
  };
}

/**
 * Neural-Linear UCB: a posterior of each arm over the last hidden layer, that of the bandit stage. After each training all of
 * them are made again from all that was played, for old features no longer mean the same. With `alpha` 0 it is the greedy one.
 */
export function neuralLinearPolicy({ arms, width, seed, alpha, ridge }: PolicySettings): BenchPolicy {
  const trunk = new OnlineTrunk(width, arms, seed);
  const forgetting = { ridge, kept: 1 };
  const prior = priorPosterior(HIDDEN_WIDTH + 1, ridge);
  const posteriors = Array.from({ length: arms }, () => prior);
  const nothing: Float64Array = new Float64Array(0);
  let latest = { x: nothing, features: nothing };
  const featuresOf = (x: Float64Array): Float64Array => {
    if (latest.x !== x) latest = { x, features: trunk.features(x) };
    return latest.features;
  };
  return {
    epsilon: 0,
    scores: (x) => {
      const features = featuresOf(x);
      return posteriors.map((posterior) => upperConfidence(posterior, features, alpha));
    },
    learn: (x, arm, reward) => {
      const features = featuresOf(x);
      if (!trunk.learn(x, arm, reward)) {
        posteriors[arm] = observedAll(posteriors[arm]!, [{ x: features, reward }], forgetting);
        return;
      }
      latest = { x: nothing, features };
      const seen = Array.from({ length: arms }, (): Observation[] => []);
      for (const one of trunk.featuresOfPlayed()) seen[one.arm]!.push(one);
      seen.forEach((observations, i) => {
        posteriors[i] = observedAll(prior, observations, forgetting);
      });
    },
  };
}
