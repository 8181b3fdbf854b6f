export { COOL_DOWN_US, DAILY_TRADES_MAX, type ArmDay } from './arm-days.js';
export type { RememberedChoice } from './choices.js';
export { REWARDED_MAX, REWARD_MAX_R, REWARD_MIN_R, rewardOf, type ArmRecord } from './rewards.js';
export { drawn, probabilities, weighed } from './selection.js';
export { stage } from './stage.js';
export type { BanditStageState } from './state.js';
