import { z } from 'zod';
import { eventSchema } from '@bellwether/events';
import { maybeNumber, syntheticField } from './answer-fields.js';
import { bookName } from './fields.js';
import { requestExamples, type RequestForm, type RequestOf } from './request.js';

/** Events in one call; a calendar of 512 releases alone comes near the limit of a body. */
export const EVENTS_MAX = 100;

const shape = {
  book: bookName.optional(),
  events: z.array(eventSchema).min(1).max(EVENTS_MAX).describe('All of them are taken, or none.'),
};

const EXAMPLE = {
  events: [
    {
      ...{ kind: 'news', source: 'wire', id: 'n-4711', published: '2025-09-15T13:30:00Z' },
      ...{ headline: 'Fed signals rate cut', symbols: ['ES'], tier: 1 },
    },
    {
      ...{ kind: 'calendar', source: 'bls', known: '2025-09-01T12:00:00Z' },
      ...{ from: '2025-10-01T00:00:00Z', to: '2025-11-01T00:00:00Z' },
      releases: [{ at: '2025-10-15T12:30:00Z', name: 'CPI', tier: 1 }],
    },
  ],
};
const OPTIONS_EXAMPLE = {
  events: [
    {
      ...{ kind: 'options', source: 'vendor', as_of: '2025-09-15T13:30:00Z', underlying: 'SPX' },
      ...{ call_volume: 410_000, put_volume: 520_000, net_gex_usd: 2.1e9, zero_gamma: 6580, spot: 6604 },
    },
  ],
};

/** `POST /v1/events`: events of auxiliary streams. */
export const eventsForm: RequestForm<typeof shape> = {
  schema: z.strictObject(shape).meta(requestExamples(EXAMPLE, OPTIONS_EXAMPLE)),
  aliases: {},
};
export type EventsRequest = RequestOf<typeof shape>;

const taken = z.object({
  entry_id: z.string(),
  decision_id: z.string().nullable().describe('The frame about it; null where that has not come in time.'),
  repeated: z.boolean().describe('True where the book had this event before: no second effect.'),
  score: maybeNumber.describe('Of a headline; null where no word is known, and for other kinds.'),
});

const answer = { events: z.array(taken), synthetic: syntheticField };

/** `200` of `POST /v1/events`: every event has been decided on. */
export const eventsAnswerSchema = z.object({ status: z.literal('ok'), ...answer }).meta({
  description: 'Stored and decided on.',
  examples: [
    {
      status: 'ok',
      events: [{ entry_id: 'aux:news:wire:n-4711', decision_id: 'es-412', repeated: false, score: 0.64 }],
      synthetic: false,
    },
  ],
});

/** `202`: stored; the line has not answered for all of them. */
export const eventsAcceptedSchema = z.object({ status: z.literal('accepted'), ...answer }).meta({
  description: 'Stored, but the line has not answered for all of them in time.',
  examples: [
    {
      status: 'accepted',
      events: [{ entry_id: 'aux:news:wire:n-4711', decision_id: null, repeated: false, score: 0.64 }],
      synthetic: false,
    },
  ],
});

export interface EventsAnswer {
  readonly status: 'ok' | 'accepted';
  readonly events: readonly z.output<typeof taken>[];
  readonly synthetic: boolean;
}
