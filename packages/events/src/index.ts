export { CALENDAR_LEAD_DAYS } from './calendar-rows.js';
export { CsvRecordReader, type CsvRecord } from './csv-records.js';
export { auxEventOf, eventEntry, eventId, happenedUs, knownUs } from './event-entry.js';
export {
  fileEntries,
  inspectEvents,
  requireUsable,
  type EventFileFacts,
  type StreamFacts,
} from './event-facts.js';
export { readItems, type FileItem } from './event-file.js';
export {
  calendarSchema,
  eventSchema,
  newsSchema,
  optionsSchema,
  readEvent,
  type EventJson,
  type EventProblem,
  type EventRecord,
} from './event-schema.js';
export { HEADLINE_LENGTH_MAX, cleanHeadline } from './headline.js';
export { TIME_US_MAX, TIME_US_MIN, isoText, parseIsoUs } from './iso-time.js';
export { openScorer, parseLexicon } from './lexicon-file.js';
export { DEFAULT_SCORER, lexiconScorer, type NewsScorer } from './scorer.js';
export { CALENDAR_WARN_DAYS, calendarWarning, openEventFiles, type EventFiles } from './event-files.js';
