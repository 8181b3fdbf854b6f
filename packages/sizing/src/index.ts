export { applyMultiplier, baseContracts, riskPerContractCents, stopDistanceTicks } from './position-size.js';
export { AGENTS, CVAR_WEIGHT, NO_AGENTS, type AgentSlots } from './agents.js';
export { stage, type SizingStageState } from './stage.js';
