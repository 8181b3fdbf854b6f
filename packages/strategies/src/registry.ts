import { ReasonCode, Strategy } from '@bellwether/contracts';
import { S2 } from './s2-vwap-reversion.js';
import { S3 } from './s3-compression-breakout.js';
import type { StrategyRule } from './strategy.js';

/** Defined in domain.md 6.1 and not built in this version: it never has a setup of its own. */
function notAvailable(strategy: Strategy): StrategyRule {
  const answer = { reason: ReasonCode.STRATEGY_NOT_AVAILABLE };
  return { strategy, evaluate: () => answer };
}

/** All twelve, S1 to S12, in order. */
export const STRATEGIES: readonly StrategyRule[] = [
  notAvailable(Strategy.S1),
  S2,
  S3,
  notAvailable(Strategy.S4),
  notAvailable(Strategy.S5),
  notAvailable(Strategy.S6),
  notAvailable(Strategy.S7),
  notAvailable(Strategy.S8),
  notAvailable(Strategy.S9),
  notAvailable(Strategy.S10),
  notAvailable(Strategy.S11),
  notAvailable(Strategy.S12),
];
