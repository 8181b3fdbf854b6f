// Goal: an edge that is there is found by the arm that has it, with the right sign, and by no other.
import { expect, it } from '@jest/globals';
import { RegimeState, Strategy } from '@bellwether/contracts';
import { netSummary, runEdge } from './planted-edge.js';

const EDGE = { strategy: Strategy.S2, regime: RegimeState.CALM_CHOP };
const STRATEGIES = [Strategy.S2, Strategy.S6, Strategy.S9];
const TIMEOUT_MS = 600_000;

it(
  'the planted arm gains in its regime, the others do not, and nobody does where nothing is planted',
  () => {
    const run = { edge: EDGE, seed: 'found', sessions: 220, strategies: STRATEGIES };
    const [own = [], ...others] = runEdge(run, true);
    const planted = netSummary(own, EDGE.regime);
    expect(planted.trades).toBeGreaterThan(50);
    expect(planted.mean_r).toBeGreaterThan(0);
    for (const trades of others) {
      const { mean_r, error_r } = netSummary(trades, null);
      expect(mean_r).toBeLessThan(2 * error_r);
    }
    const [chance = []] = runEdge({ ...run, strategies: [EDGE.strategy] }, false);
    const nothing = netSummary(chance, EDGE.regime);
    expect(nothing.mean_r).toBeLessThan(2 * nothing.error_r);
    // 0.15 R beside 1.2 R of deviation takes 260 trades to stand out from zero; from the walk without it, fewer.
    expect(planted.mean_r - nothing.mean_r).toBeGreaterThan(2 * Math.hypot(planted.error_r, nothing.error_r));
  },
  TIMEOUT_MS,
);
