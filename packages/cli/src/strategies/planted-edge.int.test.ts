// Goal: an edge that is there is found by the arm that has it, with the right sign, and by no other.
import { expect, it } from '@jest/globals';
import { RegimeState, Strategy, type ClosedTrade } from '@bellwether/contracts';
import { runEdge } from './planted-edge.js';

const EDGE = { strategy: Strategy.S2, regime: RegimeState.CALM_CHOP };
const STRATEGIES = [Strategy.S2, Strategy.S6, Strategy.S9];
const TIMEOUT_MS = 600_000;

function summary(trades: readonly ClosedTrade[], regime: RegimeState | null) {
  const nets = trades
    .filter((trade) => regime === null || trade.regime === regime)
    .map(({ net_r }) => net_r)
    .filter((net) => net !== null);
  const mean = nets.reduce((a, b) => a + b, 0) / nets.length;
  const variance = nets.reduce((sum, net) => sum + (net - mean) ** 2, 0) / (nets.length - 1);
  return { count: nets.length, mean, error: Math.sqrt(variance / nets.length) };
}

it(
  'the planted arm gains in its regime, the others do not, and nobody does where nothing is planted',
  () => {
    const run = { edge: EDGE, seed: 'found', sessions: 220, strategies: STRATEGIES };
    const [own = [], ...others] = runEdge(run, true);
    const planted = summary(own, EDGE.regime);
    expect(planted.count).toBeGreaterThan(50);
    expect(planted.mean).toBeGreaterThan(0);
    for (const trades of others) {
      const { mean, error } = summary(trades, null);
      expect(mean).toBeLessThan(2 * error);
    }
    const [chance = []] = runEdge(run, false);
    const nothing = summary(chance, EDGE.regime);
    expect(nothing.mean).toBeLessThan(2 * nothing.error);
    // 0.15 R beside 1.2 R of deviation takes 260 trades to stand out from zero; from the walk without it, fewer.
    expect(planted.mean - nothing.mean).toBeGreaterThan(2 * Math.hypot(planted.error, nothing.error));
  },
  TIMEOUT_MS,
);
