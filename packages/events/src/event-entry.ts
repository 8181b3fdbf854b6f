import { createHash } from 'node:crypto';
import { DataOrigin, EntryKind, OptionRight, Side, type AuxEvent, type Entry } from '@bellwether/contracts';
import { makeEntry } from '@bellwether/kernel';
import type { EventRecord } from './event-schema.js';
import { DEFAULT_SCORER, type NewsScorer } from './scorer.js';

type NewsRecord = Extract<EventRecord, { kind: 'news' }>;
type OptionsRecord = Extract<EventRecord, { kind: 'options' }>;
type CalendarRecord = Extract<EventRecord, { kind: 'calendar' }>;

const PLAIN_ID = /^[A-Za-z0-9_.:-]{1,80}$/;
const HASH_LENGTH = 32;
const CENTS = 100;

/** What an event says of itself when its source gives it no id: scores and times of receipt are no part of it. */
function contentOf(event: EventRecord): unknown {
  if (event.kind === 'news') return [event.published, event.headline];
  return {
    ...event,
    id: undefined,
    known: event.kind === 'calendar' ? event.known : undefined,
    synthetic: undefined,
  };
}

/**
 * `aux:<kind>:<source>:<own id>`, or a hash in place of an id that is missing or holds other characters than letters,
 * digits and `_ . : -`. The same event has the same id wherever it comes from.
 */
export function eventId(event: EventRecord): string {
  const { id } = event;
  if (id !== undefined && PLAIN_ID.test(id)) return `aux:${event.kind}:${event.source}:${id}`;
  const text = JSON.stringify(id ?? contentOf(event));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
  return `aux:${event.kind}:${event.source}:${id === undefined ? '=' : '@'}${hash}`;
}

/** When the event says that it happened. A calendar happens when it is known. */
export function happenedUs(event: EventRecord): number | null {
  if (event.kind === 'news') return event.published;
  return event.kind === 'options' ? event.as_of : (event.known ?? null);
}

/** When a file or a caller says that it could be known; null for a calendar that does not say. */
export function knownUs(event: EventRecord): number | null {
  return event.known ?? happenedUs(event);
}

function newsContent(event: NewsRecord, scorer: NewsScorer): AuxEvent['news'] {
  const { headline, symbols, tier, score = null, confidence = null, source } = event;
  const own = score === null ? scorer.score(headline) : null;
  return {
    ...{ headline, symbols, tier },
    score: score ?? own?.score ?? null,
    confidence: confidence ?? own?.confidence ?? null,
    method: score === null ? scorer.method : `source:${source}`,
  };
}

function optionsContent(event: OptionsRecord): AuxEvent['options'] {
  return {
    underlying: event.underlying,
    call_volume: event.call_volume,
    put_volume: event.put_volume,
    call_open_interest: event.call_open_interest ?? null,
    put_open_interest: event.put_open_interest ?? null,
    net_gex_usd: event.net_gex_usd ?? null,
    zero_gamma_points: event.zero_gamma ?? null,
    call_wall_points: event.call_wall ?? null,
    put_wall_points: event.put_wall ?? null,
    spot_points: event.spot ?? null,
    unusual: event.unusual.map((item) => ({
      right: item.right === 'call' ? OptionRight.CALL : OptionRight.PUT,
      strike_points: item.strike,
      expiry: item.expiry,
      volume: item.volume,
      open_interest: item.open_interest,
      premium_cents: Math.round(item.premium_usd * CENTS),
      side: item.side === undefined ? Side.UNSPECIFIED : Side[item.side],
    })),
  };
}

function calendarContent(event: CalendarRecord): AuxEvent['economic'] {
  return {
    from_us: event.from,
    to_us: event.to,
    releases: event.releases.map(({ at, name, tier }) => ({ at_us: at, name, tier })),
  };
}

/** The event as the journal has it. News without a score of its source gets that of the scorer. */
export function auxEventOf(event: EventRecord, scorer: NewsScorer = DEFAULT_SCORER): AuxEvent {
  return {
    options: event.kind === 'options' ? optionsContent(event) : null,
    news: event.kind === 'news' ? newsContent(event, scorer) : null,
    economic: event.kind === 'calendar' ? calendarContent(event) : null,
  };
}

/**
 * The entry of an event that is known at `known_us`. What its source dates later than that, by a clock that runs fast,
 * counts as having happened then: nothing is known before it happens.
 */
export function eventEntry(
  book: string,
  event: EventRecord,
  known_us: number,
  scorer: NewsScorer = DEFAULT_SCORER,
): Entry {
  return makeEntry(
    {
      ...{ book, id: eventId(event), kind: EntryKind.AUX },
      event_us: Math.min(happenedUs(event) ?? known_us, known_us),
      ...{ known_us, source: event.source },
      origin: event.synthetic ? DataOrigin.SYNTHETIC : DataOrigin.MARKET,
    },
    { aux: auxEventOf(event, scorer) },
  );
}
