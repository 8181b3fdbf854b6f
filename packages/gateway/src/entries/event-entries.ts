import { BellwetherError, decodeEntry, sameRequest, type Entry } from '@bellwether/contracts';
import type { Bus } from '@bellwether/bus';
import {
  eventEntry,
  eventId,
  happenedUs,
  knownUs,
  type EventRecord,
  type NewsScorer,
} from '@bellwether/events';
import { present } from '@bellwether/kernel';
import type { Book, Books } from '../books.js';
import type { EventsRequest } from '../schema/events.js';
import type { ProblemSink } from '../schema/request.js';
import { checkNotAhead } from './checks.js';
import { inputSubject } from './submit.js';

/** A calendar speaks of the future, and is known when it comes in. */
export function checkEvents(
  books: Books,
  given: Partial<EventsRequest>,
  now_us: number,
  tolerance_us: number,
  problems: ProblemSink,
): void {
  const book = books.check(given.book, problems);
  if (book === null) return;
  const ids = (given.events ?? []).map(eventId);
  (given.events ?? []).forEach((event, i) => {
    const field = event.kind === 'news' ? 'published' : 'as_of';
    if (event.kind !== 'calendar') {
      checkNotAhead(
        book,
        `events.${i}.${field}`,
        happenedUs(event) ?? undefined,
        now_us,
        tolerance_us,
        problems,
      );
    }
    if (book.knownTime === 'event' && knownUs(event) === null) {
      problems.add(
        `events.${i}.known`,
        `Required: entries of the book ${book.name} are known at their own time`,
      );
    }
    if (ids.indexOf(ids[i] ?? '') < i) problems.add(`events.${i}`, 'The same event as one before it');
  });
}

/** The entry of an event: known at its receipt, or at its own time in a book of the past. */
export function receivedEvent(book: Book, event: EventRecord, now_us: number, scorer: NewsScorer): Entry {
  const known_us = book.knownTime === 'event' ? present(knownUs(event), 'a time of the event') : now_us;
  return eventEntry(book.name, event, known_us, scorer);
}

/** Throws `id_reused` with every event whose id is taken by other content, before any of them is stored. */
export async function requireFreeIds(bus: Bus, entries: readonly Entry[]): Promise<void> {
  const stored = await Promise.all(entries.map((entry) => bus.last(inputSubject(entry))));
  const problems = entries.flatMap((entry, i) => {
    const first = stored[i] ?? null;
    if (first === null || sameRequest(decodeEntry(first.data), entry)) return [];
    return [{ path: `events.${i}`, message: `The id ${entry.id} was used before with other content` }];
  });
  if (problems.length > 0)
    throw new BellwetherError(
      'id_reused',
      'Events were sent before with other content; none was taken',
      problems,
    );
}
