export {
  AUX_AT,
  AUX_NAMES,
  AUX_NUMBERS,
  AUX_SCHEMA_SHA256,
  AUX_SET_VERSION,
  auxSchemaText,
} from './aux-set.js';
export { auxValue } from './aux-vector.js';
export { NO_STREAMS, releaseTime, withAux, withStreamsConfig, type BookStreams } from './book-streams.js';
export {
  NO_CALENDAR,
  eventProximity,
  nearRelease,
  withCalendar,
  type Calendar,
  type EventCalendar,
} from './calendar.js';
export type { SymbolPrice } from './options-flow.js';
export { readStreams, type Moment, type StreamReading } from './reading.js';
export { countOf } from './seasonality.js';
export {
  NO_SYMBOL_STREAMS,
  endStreamSession,
  withStreamBar,
  type AroundBar,
  type SymbolStreams,
} from './symbol-streams.js';
