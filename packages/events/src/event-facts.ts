import { createHash } from 'node:crypto';
import path from 'node:path';
import { BellwetherError, type Entry } from '@bellwether/contracts';
import { eventEntry, eventId, knownUs } from './event-entry.js';
import { readItems } from './event-file.js';
import type { EventRecord } from './event-schema.js';
import { DEFAULT_SCORER, type NewsScorer } from './scorer.js';

const PROBLEMS_SHOWN = 20;
/** Ids that are held while a file is looked through, to count repeats. */
export const EVENTS_MAX = 1_000_000;

/** What a stream of a file holds. */
export interface StreamFacts {
  readonly kind: EventRecord['kind'];
  readonly count: number;
  readonly first_us: number;
  readonly last_us: number;
}

export interface EventFileFacts {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  readonly streams: readonly StreamFacts[];
  /** Events that repeat an earlier one; they are taken once. */
  readonly repeats: number;
  /** News without a known word. */
  readonly unscored: number;
  /** Up to when the calendar in it says something; null where it holds none. */
  readonly calendar_to_us: number | null;
  readonly problem_count: number;
  /** The first of them, with their lines. */
  readonly problems: readonly string[];
}

class FactsCollector {
  readonly #streams = new Map<EventRecord['kind'], { count: number; first_us: number; last_us: number }>();
  readonly #ids = new Set<string>();
  readonly problems: string[] = [];
  problem_count = 0;
  repeats = 0;
  unscored = 0;
  calendar_to_us: number | null = null;
  #last_us = -Infinity;

  problem(line: number, text: string): void {
    this.problem_count += 1;
    if (this.problems.length < PROBLEMS_SHOWN)
      this.problems.push(`${line === 0 ? 'end' : `line ${line}`}: ${text}`);
  }

  event(line: number, event: EventRecord, scorer: NewsScorer): void {
    const at = knownUs(event) ?? 0;
    if (at < this.#last_us) {
      this.problem(
        line,
        'Known before the line before it: sort the file by the time at which each could be known',
      );
    }
    this.#last_us = Math.max(this.#last_us, at);
    const id = eventId(event);
    if (this.#ids.has(id)) this.repeats += 1;
    if (this.#ids.size >= EVENTS_MAX)
      throw new BellwetherError('data_unreadable', `More than ${EVENTS_MAX} events: split the file`);
    this.#ids.add(id);
    const stream = this.#streams.get(event.kind) ?? { count: 0, first_us: at, last_us: at };
    stream.count += 1;
    stream.last_us = at;
    this.#streams.set(event.kind, stream);
    if (event.kind === 'calendar') this.calendar_to_us = Math.max(this.calendar_to_us ?? 0, event.to);
    if (event.kind === 'news' && event.score === undefined && scorer.score(event.headline) === null)
      this.unscored += 1;
  }

  streams(): readonly StreamFacts[] {
    return (['options', 'news', 'calendar'] as const).flatMap((kind) => {
      const found = this.#streams.get(kind);
      return found === undefined ? [] : [{ kind, ...found }];
    });
  }
}

/** Reads a file of events whole and says what it holds and everything that is wrong with it. */
export async function inspectEvents(
  file: string,
  scorer: NewsScorer = DEFAULT_SCORER,
): Promise<EventFileFacts> {
  const hash = createHash('sha256');
  const facts = new FactsCollector();
  for await (const items of readItems(file, hash)) {
    for (const { line, event, problems } of items) {
      if (event !== null) facts.event(line, event, scorer);
      for (const { path: field, message } of problems)
        facts.problem(line, field === '' ? message : `${field}: ${message}`);
    }
  }
  const { repeats, unscored, calendar_to_us, problem_count, problems } = facts;
  return {
    ...{ path: file, name: path.basename(file), sha256: hash.digest('hex'), streams: facts.streams() },
    ...{ repeats, unscored, calendar_to_us, problem_count, problems },
  };
}

/** Throws `data_unreadable`, with all that is wrong, unless the file can be taken as it is. */
export function requireUsable(facts: EventFileFacts): void {
  if (facts.problem_count === 0) return;
  const more = facts.problem_count - facts.problems.length;
  const tail = more > 0 ? `\n  and ${more} more` : '';
  throw new BellwetherError('data_unreadable', `${facts.path}:\n  ${facts.problems.join('\n  ')}${tail}`);
}

/** The entries of a file that {@link inspectEvents} found in order, a chunk at a time, in bounded memory. */
export async function* fileEntries(
  book: string,
  facts: EventFileFacts,
  scorer: NewsScorer = DEFAULT_SCORER,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const hash = createHash('sha256');
  for await (const items of readItems(facts.path, hash)) {
    const entries: Entry[] = [];
    for (const { event } of items) {
      const known_us = event === null ? null : knownUs(event);
      if (event === null || known_us === null) continue;
      entries.push(eventEntry(book, event, known_us, scorer));
    }
    if (entries.length > 0) yield entries;
  }
  if (hash.digest('hex') !== facts.sha256)
    throw new BellwetherError('data_unreadable', `${facts.path}: The file changed while it was read`);
}
