/**
 * Goal: Neural-Linear UCB finds the arm with the edge, and finds it again after it has moved. Method: features of made-up
 * regimes, three arms with noisy rewards, choices drawn by the vector of the stage.
 */
import { describe, expect, it } from '@jest/globals';
import { Strategy } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { upperConfidence } from '../policies/posterior.js';
import { probabilities } from '../selection.js';
import { TRUNK_WIDTH, posteriorOf, trunkFeatures, withReward } from './learn-rows.js';
import type { TrunkState } from './neural-state.js';

const ARMS = [Strategy.S2, Strategy.S3, Strategy.S6] as const;
const FLOOR = 0.05;
const ALPHA = 0.3;
const REGIMES = 2;

function featuresIn(regime: number, uniform: () => number): Float64Array {
  const hidden = Array.from({ length: TRUNK_WIDTH }, (_, i) =>
    i % REGIMES === regime ? 0.5 + 0.2 * uniform() : 0.2 * uniform(),
  );
  return trunkFeatures(hidden) ?? new Float64Array(0);
}

/** Trades ended, and the share of the last 100 choices that were of the arm with the edge in their regime. */
function shareOfBest(
  kept: number,
  trades: number,
  edgeOf: (trade: number, regime: number) => number,
): number {
  const uniform = uniformSource('edge');
  let state: TrunkState = { sha256: 'a', ridge: 1, kept, taken: 0, rewards: 0, arms: [] };
  let found = 0;
  for (let trade = 0; trade < trades; trade++) {
    const regime = uniform() < 0.5 ? 0 : 1;
    const x = featuresIn(regime, uniform);
    const scores = ARMS.map((arm) => upperConfidence(posteriorOf(state, arm), x, ALPHA));
    const chances = probabilities(scores, FLOOR);
    const u = uniform();
    const chosen = u < chances[0]! ? 0 : u < chances[0]! + chances[1]! ? 1 : 2;
    const edge = edgeOf(trade, regime);
    if (chosen === edge && trade >= trades - 100) found += 1;
    // Of trades at 2 R and -1 R, a third end well without an edge, 55 of 100 with it.
    const reward = uniform() < (chosen === edge ? 0.55 : 1 / 3) ? 2 : -1;
    state = withReward(state, ARMS[chosen], x, reward);
  }
  return found / 100;
}

describe('an edge', () => {
  it('is found, in each regime its own', () => {
    expect(shareOfBest(0.995, 300, (_trade, regime) => regime)).toBeGreaterThan(0.6);
  });

  it('is found again after it has moved to another arm', () => {
    const moved = (trade: number): number => (trade < 300 ? 0 : 1);
    expect(shareOfBest(0.995, 600, moved)).toBeGreaterThan(0.6);
  });
});

describe('the rows', () => {
  it('are the first numbers of an answer and a 1; a short answer is none', () => {
    const x = trunkFeatures(Array.from({ length: 76 }, (_, i) => i));
    expect([x?.length, x?.[63], x?.[64]]).toEqual([65, 63, 1]);
    expect(trunkFeatures([1, 2])).toBeNull();
  });

  it('let an arm fade that is not chosen', () => {
    const uniform = uniformSource('fade');
    const x = featuresIn(0, uniform);
    let state: TrunkState = { sha256: 'a', ridge: 1, kept: 0.95, taken: 0, rewards: 0, arms: [] };
    state = withReward(state, Strategy.S2, x, 2);
    const fresh = upperConfidence(posteriorOf(state, Strategy.S2), x, 0);
    for (let i = 0; i < 200; i++) state = withReward(state, Strategy.S3, x, 0);
    const old = upperConfidence(posteriorOf(state, Strategy.S2), x, 0);
    expect(fresh).toBeGreaterThan(1.5);
    expect(old).toBeLessThan(0.01 * fresh);
    expect(state.arms.map(({ strategy }) => strategy)).toEqual([Strategy.S2, Strategy.S3]);
  });
});
