// Goal: the line finds the edge of an arm, and nothing is left of it without the arm.
import { describe, expect, it } from '@jest/globals';
import { Strategy } from '@bellwether/contracts';
import { runPlanted, type PlantedArms } from './planted-system.js';

// 70 trades: enough in this world, too few in others. `npm run backtest-planted` plays longer ones.
const SESSIONS = 100;
const TIMEOUT_MS = 600_000;

describe('a planted edge', () => {
  it(
    'is found, and is gone with its arm',
    () => {
      const of = (arms: PlantedArms) =>
        runPlanted({ strategy: Strategy.S2, seed: 'edge-1', sessions: SESSIONS, arms });
      const [alone, without] = [of('alone'), of('without')];
      expect(alone.net_cents).toBeGreaterThan(0);
      expect(alone.deflated.value).toBeGreaterThan(0.95);
      expect(without.arm.trades).toBe(0);
      expect(without.deflated.value).toBeLessThan(0.5);
    },
    TIMEOUT_MS,
  );
});
