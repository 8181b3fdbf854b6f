import { STRATEGY_DEFAULTS, type Bar, type BookConfig, type StrategyParameters } from '@bellwether/contracts';
import { NO_RULES, type ModelSlots, type PolicyRules } from '@bellwether/model-slots';
import { NO_MODELS, type LinearState } from './linucb.js';
import { NOTHING_LEARNED, type NeuralState } from './neural/neural-state.js';
import type { ArmDay } from './arm-days.js';
import type { ArmRecord } from './rewards.js';
import type { RememberedChoice } from './choices.js';

/** What the bandit keeps from frame to frame. Plain data; every list is bounded by arms and symbols or by its constant. */
export interface BanditStageState {
  /** Of the latest release; null before the first. */
  readonly config: BookConfig | null;
  /** Of the strategies, by that release. */
  readonly parameters: StrategyParameters;
  /** Decisions take too long: rules decide. */
  readonly degraded: boolean;
  readonly arms: readonly ArmRecord[];
  readonly linear: LinearState;
  /** Decisions whose reward has been counted, the oldest first. */
  readonly rewarded: readonly string[];
  /** yyyymmdd that the trades in `days` are counted for. */
  readonly trade_date: number;
  readonly days: readonly ArmDay[];
  /** Last completed bar of each symbol: a signal brings none. */
  readonly bars: readonly Bar[];
  readonly choices: readonly RememberedChoice[];
  readonly rules: PolicyRules;
  readonly models: ModelSlots;
  /** Models of the place strategy_selection; absent in snapshots of before it. */
  readonly trunks?: ModelSlots;
  /** Absent in snapshots of before it. */
  readonly neural?: NeuralState;
}

export const EMPTY_STATE: BanditStageState = {
  config: null,
  parameters: STRATEGY_DEFAULTS,
  degraded: false,
  arms: [],
  linear: NO_MODELS,
  rewarded: [],
  trade_date: 0,
  days: [],
  bars: [],
  choices: [],
  rules: NO_RULES,
  models: [],
  trunks: [],
  neural: NOTHING_LEARNED,
};
