import { z } from 'zod';
import { cleanHeadline } from './headline.js';
import { parseIsoUs } from './iso-time.js';

/** Limits of one event (domain.md 7; AuxEvent in proto). */
export const SYMBOLS_MAX = 16;
export const UNUSUAL_MAX = 32;
export const RELEASES_MAX = 512;
const RAW_HEADLINE_MAX = 5_000;
const NAME_MAX = 100;
const POINTS_MAX = 1_000_000;
const COUNT_MAX = 1_000_000_000_000;

const time = z
  .string()
  .max(40)
  .transform((text, context) => {
    const us = parseIsoUs(text);
    if (us !== null) return us;
    context.addIssue({
      code: 'custom',
      message: 'Expected an ISO 8601 time with a zone, such as 2025-09-15T13:30:00Z',
    });
    return z.NEVER;
  })
  .meta({ format: 'date-time' });
const count = z.int().min(0).max(COUNT_MAX);
const points = z.number().positive().max(POINTS_MAX);
const day = z
  .string()
  .regex(/^20\d{2}-\d{2}-\d{2}$/, 'Expected a date such as 2025-10-17')
  .refine((text) => parseIsoUs(`${text}T00:00:00Z`) !== null, 'There is no such date')
  .transform((text) => Number(text.replaceAll('-', '')));
const label = (what: string) =>
  z
    .string()
    .transform((text) => cleanHeadline(text).slice(0, NAME_MAX))
    .refine((text) => text !== '', `Expected ${what}`);

const common = {
  source: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/, 'Expected 1 to 32 letters, digits, _ . and -')
    .describe('Who says it. Part of the id.'),
  id: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .describe('Id at the source: the same again is the same entry. Default: made from the content.'),
  known: time.optional().describe('When it could be known. Live: the time of receipt counts instead.'),
  synthetic: z.boolean().default(false).describe('True marks made-up data, and with it the whole book.'),
};

const tier = z.int().min(0).max(3);

export const newsSchema = z.strictObject({
  kind: z.literal('news'),
  ...common,
  published: time,
  headline: z
    .string()
    .max(RAW_HEADLINE_MAX)
    .transform(cleanHeadline)
    .refine((text) => text !== '', 'Expected a headline')
    .describe('Untrusted text: cut to 300 characters, control characters removed.'),
  symbols: z.array(label('a symbol or topic')).max(SYMBOLS_MAX).default([]),
  tier: tier.default(0).describe('1 to 3 as the source ranks it; 0 where it does not.'),
  score: z.number().min(-1).max(1).optional().describe('Score of the source; it takes the place of ours.'),
  confidence: z.number().min(0).max(1).optional(),
});

const unusual = z.strictObject({
  right: z.enum(['call', 'put']),
  strike: points,
  expiry: day,
  volume: count,
  open_interest: count,
  premium_usd: z.number().min(0).max(COUNT_MAX),
  side: z.enum(['LONG', 'SHORT']).optional().describe('Who paid up: LONG the buyer.'),
});

export const optionsSchema = z.strictObject({
  kind: z.literal('options'),
  ...common,
  as_of: time.describe('Up to when the figures count.'),
  underlying: z.enum(['SPX', 'NDX', 'SPY', 'QQQ']),
  call_volume: count,
  put_volume: count,
  call_open_interest: count.optional(),
  put_open_interest: count.optional(),
  net_gex_usd: z.number().min(-1e15).max(1e15).optional().describe('Dollars per 1 % move; positive damps.'),
  zero_gamma: points.optional(),
  call_wall: points.optional(),
  put_wall: points.optional(),
  spot: points.optional().describe('Price of the underlying to which the levels belong.'),
  unusual: z.array(unusual).max(UNUSUAL_MAX).default([]),
});

export const calendarSchema = z.strictObject({
  kind: z.literal('calendar'),
  ...common,
  from: time.describe('The calendar says something from here'),
  to: time.describe('to here, and nothing outside.'),
  releases: z
    .array(z.strictObject({ at: time, name: label('a name'), tier: z.int().min(1).max(3) }))
    .max(RELEASES_MAX),
});

/** One event of any kind, as JSON has it. Strict: an unknown field is a problem. */
export const eventSchema = z
  .discriminatedUnion('kind', [newsSchema, optionsSchema, calendarSchema])
  .superRefine((event, context) => {
    for (const { path, message } of contradictions(event))
      context.addIssue({ code: 'custom', path, message });
  });
/** An event whose form has been checked; times are microseconds UTC. */
export type EventRecord = z.output<typeof eventSchema>;
/** The same as it is written in JSON. */
export type EventJson = z.input<typeof eventSchema>;

interface Contradiction {
  readonly path: string[];
  readonly message: string;
}

function contradictions(
  event: z.output<typeof newsSchema | typeof optionsSchema | typeof calendarSchema>,
): Contradiction[] {
  const found: Contradiction[] = [];
  const { known } = event;
  if (event.kind !== 'calendar') {
    const at = event.kind === 'news' ? event.published : event.as_of;
    if (known !== undefined && known < at)
      found.push({ path: ['known'], message: 'Known before it happened' });
  }
  if (event.kind === 'news' && (event.score === undefined) !== (event.confidence === undefined)) {
    found.push({ path: ['confidence'], message: 'Expected score and confidence, or neither' });
  }
  if (event.kind === 'calendar') {
    if (event.to <= event.from) found.push({ path: ['to'], message: 'Expected a time after `from`' });
    event.releases.forEach(({ at }, i) => {
      const before = event.releases[i - 1]?.at ?? -Infinity;
      if (at < event.from || at > event.to)
        found.push({ path: ['releases', String(i), 'at'], message: 'Lies outside of `from` to `to`' });
      if (at < before)
        found.push({ path: ['releases', String(i), 'at'], message: 'Expected releases in order of time' });
    });
  }
  return found;
}

export interface EventProblem {
  readonly path: string;
  readonly message: string;
}

/** The event, or everything that is wrong with it. */
export function readEvent(
  value: unknown,
):
  | { readonly event: EventRecord; readonly problems: null }
  | { readonly event: null; readonly problems: readonly EventProblem[] } {
  const result = eventSchema.safeParse(value);
  if (result.success) return { event: result.data, problems: null };
  const problems = result.error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: path === '' ? cleanHeadline(key) : `${path}.${cleanHeadline(key)}`,
      message: 'No such field',
    }));
  });
  return { event: null, problems };
}
