export { stage } from './stage.js';
export type { CloseOrder, EntryOrder, RiskState } from './state.js';
