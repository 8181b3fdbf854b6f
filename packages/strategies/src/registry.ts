import { S1 } from './s1-opening-range-breakout.js';
import { S2 } from './s2-vwap-reversion.js';
import { S3 } from './s3-compression-breakout.js';
import { S4 } from './s4-trend-pullback.js';
import { S5 } from './s5-gap-fade.js';
import { S6 } from './s6-range-trading.js';
import { S7 } from './s7-initial-balance.js';
import { S8 } from './s8-vwap-continuation.js';
import { S9 } from './s9-sweep-reversal.js';
import { S10 } from './s10-zone-retest.js';
import { S11 } from './s11-exhaustion-fade.js';
import { S12 } from './s12-closing-drive.js';
import type { StrategyRule } from './strategy.js';

/** All twelve, S1 to S12, in order. */
export const STRATEGIES: readonly StrategyRule[] = [S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12];
