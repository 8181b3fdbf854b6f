/**
 * Goal: what the line has learned comes out of its journal again, byte for byte, through crashes and a change of trunk. Method: a
 * small run of `npm run bandit-rebuild`.
 */
import { describe, expect, it } from '@jest/globals';
import { runRebuild, trunkHash } from './rebuild-study.js';
import { stateBytes } from './state-bytes.js';

const TIMEOUT_MS = 300_000;

describe('a journal', () => {
  it(
    'gives all states of a learning book again, with two trunks and a line that is killed again and again',
    async () => {
      const result = await runRebuild({ seed: '1', sessions: 23, restarts: 12, snapshotEvery: 400 });
      expect(result.rebuilt).toEqual(result.live);
      expect(result.entries).toBeGreaterThan(10_000);
      expect(result.restarts).toBeGreaterThan(8);
      expect(result.again).toBeGreaterThan(100);
      // Something was learned, and put to the second trunk too.
      expect(result.rewards).toBeGreaterThan(10);
      expect(result.trunk).toBe(trunkHash('second'));
      expect(result.trunk_rewards).toBe(result.rewards);
    },
    TIMEOUT_MS,
  );
});

describe('bytes of a state', () => {
  it('are alike for the same values, and tell the smallest difference', () => {
    const state = { b: [1, -0], a: Float64Array.of(0.1, 0.2), c: null };
    const hex = (value: unknown): string => Buffer.from(stateBytes(value)).toString('hex');
    expect(hex({ c: null, a: Float64Array.of(0.1, 0.2), b: [1, -0] })).toBe(hex(state));
    expect(hex({ ...state, b: [1, 0] })).not.toBe(hex(state));
    expect(hex({ ...state, a: Float64Array.of(0.1, 0.2 + 2 ** -54) })).not.toBe(hex(state));
    expect(hex({ ...state, a: Float32Array.of(0.1, 0.2) })).not.toBe(hex(state));
  });
});
