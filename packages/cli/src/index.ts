export { ServiceFleet, type FleetOptions } from './replay/fleet.js';
export { DECIDING_SERVICES, SERVICES } from './replay/services.js';
export { RunCollector } from './backtest/run-collector.js';
