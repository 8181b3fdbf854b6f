export { chicagoText } from './chicago-time.js';
export { roundTripCostCents } from './costs.js';
export { instrumentOf, type Instrument } from './instruments.js';
export {
  marketClock,
  minuteOfSession,
  nextSession,
  sessionAt,
  sessionOf,
  tradeDateAt,
  type TradeSession,
} from './sessions.js';
export { pointsToTicks, ticksToPoints } from './ticks.js';
