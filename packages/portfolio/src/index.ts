export { isNewBar } from './bars.js';
export { FLAT_GRACE_US } from './exits.js';
export { SEEN_FILLS_MAX } from './fills.js';
export { breakEvenTicks, feePerSideCents, tighterStop, tp1Ticks } from './levels.js';
export { ENDED_PLANS_MAX, stage } from './stage.js';
export type { Mark, OpenPosition, PlannedOrder, PortfolioState, SeenFills } from './state.js';
