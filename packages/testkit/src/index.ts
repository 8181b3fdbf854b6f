export { hasBrowser, openedPage, type OpenedPage } from './browser.js';
export {
  A_BOOK,
  A_SESSION_OPEN_US,
  A_TRADE_DATE,
  aBanditPart,
  aBar,
  aBarEntry,
  aBookConfig,
  aCandidate,
  aClockEntry,
  aClosedTrade,
  aFeatureVector,
  aFeaturesPart,
  aFill,
  aFillEntry,
  aForecastPart,
  aFrame,
  aMarketClock,
  aPortfolioPart,
  aPosition,
  aRegimePart,
  aReleaseEntry,
  aRiskPart,
  aSetup,
  aSignalEntry,
  aSizingObservation,
  aSizingPart,
  aSqueeze,
  aWorkingOrder,
  anAbandonEntry,
  anAccount,
  anAccountEntry,
  anAuxEntry,
  anAccountProfile,
  anOperatorEntry,
  anOrderEndEntry,
  anOrderEntry,
  anOrderIntent,
  atMinute,
  theIndicators,
} from './frame-builders.js';
export {
  SpecificationError,
  specify,
  type GivenStep,
  type Listed,
  type ThenStep,
  type WhenStep,
} from './given-when-then.js';
export {
  describeWithNats,
  findNatsServer,
  startNatsServer,
  type NatsServer,
  type NatsServerOptions,
} from './nats-server.js';
export { deepFreeze, firstDifference, firstMismatch, firstUnplain, restored } from './plain-data.js';
export {
  SYNTHETIC_SESSIONS_MAX,
  generateSessions,
  type SyntheticOptions,
} from './synthetic/generate-sessions.js';
export {
  INVENTED_ES,
  INVENTED_NQ,
  inventedBars,
  type InventedBar,
  type InventedOptions,
} from './synthetic/invented-bars.js';
export { SAMPLE, sampleBars, type SyntheticSource } from './synthetic/sample.js';
export { REGIME_WORLD, regimeStateOf, type HiddenRegime } from './worlds/hidden-regime.js';
export { KnowingFilter } from './worlds/knowing-filter.js';
export {
  PLANTED_EDGE,
  hasEdge,
  plantedReward,
  type EdgePlace,
  type PlantedEdge,
  type FollowedTrade,
  type PlannedEnd,
  type PlantedOutcome,
} from './worlds/planted-edge.js';
export { SHORT_DRIFT } from './worlds/short-drift.js';
export {
  WORLD_DATES,
  World,
  worldBars,
  type WorldBar,
  type WorldKind,
  type WorldOptions,
} from './worlds/world.js';
