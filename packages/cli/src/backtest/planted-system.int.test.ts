// Goal: the whole system trades the arm that has an edge where it has it, and nothing is left of it without the arm.
import { describe, expect, it } from '@jest/globals';
import { Strategy } from '@bellwether/contracts';
import { runPlanted } from './planted-system.js';

const SESSIONS = 60;
const TIMEOUT_MS = 600_000;

describe('a planted edge', () => {
  it(
    'is worth money to the system, and is gone with its arm',
    () => {
      const of = (arms: 'all' | 'without') =>
        runPlanted({ strategy: Strategy.S2, seed: 'ci-1', sessions: SESSIONS, arms });
      const [all, without] = [of('all'), of('without')];
      expect(all.arm.trades).toBeGreaterThan(10);
      expect(without.arm.trades).toBe(0);
      expect(all.arm.mean_r).toBeGreaterThan(0);
      expect(all.net_cents).toBeGreaterThan(without.net_cents);
    },
    TIMEOUT_MS,
  );
});
