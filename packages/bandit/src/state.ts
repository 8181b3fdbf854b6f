import type { Bar, BookConfig } from '@bellwether/contracts';
import type { ArmDay } from './arm-days.js';
import type { ArmRecord } from './rewards.js';
import type { RememberedChoice } from './choices.js';

/** What the bandit keeps from frame to frame. Plain data; every list is bounded by arms and symbols or by its constant. */
export interface BanditStageState {
  /** Of the latest release; null before the first. */
  readonly config: BookConfig | null;
  /** Decisions take too long: rules decide. */
  readonly degraded: boolean;
  readonly arms: readonly ArmRecord[];
  /** Decisions whose reward has been counted, the oldest first. */
  readonly rewarded: readonly string[];
  /** yyyymmdd that the trades in `days` are counted for. */
  readonly trade_date: number;
  readonly days: readonly ArmDay[];
  /** Last completed bar of each symbol: a signal brings none. */
  readonly bars: readonly Bar[];
  readonly choices: readonly RememberedChoice[];
}

export const EMPTY_STATE: BanditStageState = {
  config: null,
  degraded: false,
  arms: [],
  rewarded: [],
  trade_date: 0,
  days: [],
  bars: [],
  choices: [],
};
