/**
 * Goal: the line finds the arm with an edge by what it learns, and finds it again when the edge has moved. Method: one seed of
 * `npm run bandit-worlds` with fewer trades; what chance would have chosen in it must not pass.
 */
import { describe, expect, it } from '@jest/globals';
import { Strategy } from '@bellwether/contracts';
import { runEdgeWorld } from './edge-world.js';
import { SHARE_MIN, faultOf, pooled } from './worlds-verdict.js';

const TIMEOUT_MS = 300_000;
const PLAN = { world: 'arm_moves', seed: '1' } as const;

describe('an edge that moves', () => {
  it(
    'is found by LinUCB, and would not be by chance',
    async () => {
      const learned = await runEdgeWorld(
        { ...PLAN, selection: 'linucb', learnTrades: 140, countTrades: 60 },
        null,
      );
      expect(learned.map(({ edge }) => edge.strategy)).toEqual([Strategy.S11, Strategy.S2, Strategy.S11]);
      expect(learned.every(({ trades }) => trades === 60)).toBe(true);
      const found = pooled(learned);
      expect(found.choices).toBeGreaterThan(9);
      expect(found.share).toBeGreaterThan(SHARE_MIN);
      expect(found.chance).toBeLessThan(SHARE_MIN);

      // What chance would have chosen does not pass.
      expect(faultOf('arm_moves', { ...found, share: found.chance })).not.toBeNull();
    },
    TIMEOUT_MS,
  );
});

describe('the verdict', () => {
  const found = { choices: 40, share: 0.7, chance: 0.5, trades: 300, mean_r: 0.05, error_r: 0.07 };

  it('wants the arm in more than 60 % of the choices, and no gain where there is nothing', () => {
    expect(faultOf('regime_moves', found)).toBeNull();
    expect(faultOf('regime_moves', { ...found, share: 0.6 })).toBe('not above 60 %');
    expect(faultOf('nothing', { ...found, share: 0.1 })).toBeNull();
    expect(faultOf('nothing', { ...found, mean_r: 0.2 })).not.toBeNull();
    expect(faultOf('arm_moves', { ...found, choices: 0 })).not.toBeNull();
  });
});
