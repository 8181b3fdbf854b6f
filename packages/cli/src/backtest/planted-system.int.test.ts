// Goal: the line finds the edge of an arm, and nothing is left of it without the arm.
import { describe, expect, it } from '@jest/globals';
import { Strategy } from '@bellwether/contracts';
import { runPlanted, type PlantedArms } from './planted-system.js';

// 70 trades: enough in this world, too few in others. `npm run backtest-planted` plays longer ones.
const SESSIONS = 100;
/** Nothing is to be found without the arm, which a shorter world shows too. */
const SESSIONS_WITHOUT = 40;
const TIMEOUT_MS = 600_000;

describe('a planted edge', () => {
  it(
    'is found, and is gone with its arm',
    () => {
      const of = (arms: PlantedArms, sessions: number) =>
        runPlanted({ strategy: Strategy.S2, seed: 'edge-1', sessions, arms });
      const [alone, without] = [of('alone', SESSIONS), of('without', SESSIONS_WITHOUT)];
      expect(alone.net_cents).toBeGreaterThan(0);
      expect(alone.deflated.value).toBeGreaterThan(0.95);
      expect(without.all.trades).toBeGreaterThan(0);
      expect(without.arm.trades).toBe(0);
      expect(without.deflated.value).toBeLessThan(0.5);
    },
    TIMEOUT_MS,
  );
});
