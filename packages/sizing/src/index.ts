export {
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  applyMultiplier,
  baseContracts,
  riskPerContractCents,
  stopDistanceTicks,
} from './position-size.js';
export { stage, type SizingStageState } from './stage.js';
