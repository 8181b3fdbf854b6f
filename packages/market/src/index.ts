export { chicagoOffsetHours, chicagoText, utcText } from './chicago-time.js';
export { civilOf, weekdayOf, yyyymmddOf, type CivilDate } from './civil-date.js';
export {
  contractCode,
  contractOf,
  expiryOf,
  frontContract,
  nextContract,
  rollDateOf,
  type ContractMonth,
  type Expiry,
} from './contract-months.js';
export { roundTripCostCents } from './costs.js';
export { HOURS_ERAS, eraOf, type HoursEra } from './eras.js';
export { instrumentOf, type Instrument } from './instruments.js';
export { KNOWN_GAPS, knownGapAt, type KnownGap } from './known-gaps.js';
export {
  CALENDAR,
  calendarCovers,
  isHalted,
  marketClock,
  minuteOfSession,
  nextSession,
  sessionAfter,
  sessionAt,
  sessionOf,
  sessionReason,
  tradeDateAt,
  tradingMinutes,
  type TradeSession,
} from './sessions.js';
export { pointsToTicks, ticksToPoints } from './ticks.js';
