import type { Entry } from '@bellwether/contracts';
import { fileEntries, inspectEvents, requireUsable, type EventFileFacts } from './event-facts.js';
import { openScorer } from './lexicon-file.js';

const DAY_US = 86_400_000_000;
/** A calendar that ends so soon after the data, or after now, gets a warning (domain.md 7.6). */
export const CALENDAR_WARN_DAYS = 14;

/** Event files of a run, looked through and found in order. */
export interface EventFiles {
  readonly facts: readonly EventFileFacts[];
  /** Equal for equal entries. */
  readonly identity: readonly string[];
  /** The entries of each file, from the first on; each call begins anew. */
  series(book: string): readonly AsyncIterable<readonly Entry[]>[];
}

/**
 * Opens event files; news is scored by the lexicon file, or by our own where it is null.
 *
 * @throws BellwetherError `data_unreadable` with all problems of a file, `config_invalid` of the lexicon
 */
export async function openEventFiles(files: readonly string[], lexicon: string | null): Promise<EventFiles> {
  const scorer = await openScorer(lexicon);
  const facts: EventFileFacts[] = [];
  for (const file of files) {
    const found = await inspectEvents(file, scorer);
    requireUsable(found);
    facts.push(found);
  }
  return {
    facts,
    identity: facts.map(({ name, sha256 }) => `${name} ${sha256} ${scorer.method}`),
    series: (book) => facts.map((one) => fileEntries(book, one, scorer)),
  };
}

/** The warning that is due where the calendars of these files end too soon after this time; null where none is. */
export function calendarWarning(facts: readonly EventFileFacts[], end_us: number): string | null {
  const ends = facts.flatMap(({ calendar_to_us }) => calendar_to_us ?? []);
  if (ends.length === 0) return null;
  const to_us = Math.max(...ends);
  if (to_us >= end_us + CALENDAR_WARN_DAYS * DAY_US) return null;
  const day = new Date(to_us / 1_000).toISOString().slice(0, 10);
  return `The economic calendar ends on ${day}: releases after it are not known. Get a longer one (docs/how-to/events.md)`;
}
