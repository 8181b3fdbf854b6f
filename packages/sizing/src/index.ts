export {
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  applyMultiplier,
  baseContracts,
  riskPerContractCents,
  stopDistanceTicks,
} from './position-size.js';
export { noAgent, type AgentSize, type SizingAgent } from './agent.js';
export { sizingStage, stage, type SizingStageState } from './stage.js';
