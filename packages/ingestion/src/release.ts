import {
  CONTRACT_VERSION,
  DataOrigin,
  EntryKind,
  decodeEntry,
  encodeEntry,
  equalBytes,
  subjects,
  type BookConfig,
  type Entry,
  type Release,
  type StageVersion,
} from '@bellwether/contracts';
import type { Bus } from '@bellwether/bus';
import { makeEntry, releaseId } from '@bellwether/kernel';

export interface ReleaseRequest {
  readonly config: BookConfig;
  /** Every stage of the line with the version of its logic, in the order of the line. */
  readonly stages: readonly StageVersion[];
  /** The newest release of the book, or null before the first. */
  readonly latest: Release | null;
}

/** The entry that makes a release count from `at_us` on. */
export function releaseEntry(book: string, release: Release, at_us: number, origin: DataOrigin): Entry {
  const id = releaseId(release.number);
  return makeEntry(
    { book, id, kind: EntryKind.RELEASE, event_us: at_us, known_us: at_us, source: 'release', origin },
    { release },
  );
}

/** The release that the book needs next, or null where the newest one says the same. */
export function nextRelease({ config, stages, latest }: ReleaseRequest): Release | null {
  const number = (latest?.number ?? 0) + 1;
  const wanted: Release = { number, contract_version: CONTRACT_VERSION, stages, config };
  if (latest === null) return wanted;
  const bytes = (release: Release): Uint8Array =>
    encodeEntry(releaseEntry(config.book, { ...release, number }, 0, DataOrigin.UNSPECIFIED));
  return equalBytes(bytes(wanted), bytes(latest)) ? null : wanted;
}

/** Releases that may wait among the inputs without being in the journal yet. */
const RELEASES_WAITING_MAX = 1_000;

/** The newest release of a book: in its journal, or already among the inputs that wait for it. */
export async function latestRelease(bus: Bus, book: string): Promise<Release | null> {
  const journaled = await bus.last(subjects.journalKind(book, 'release'));
  let latest = journaled === null ? null : decodeEntry(journaled.data).release;
  for (let i = 0; i < RELEASES_WAITING_MAX; i++) {
    const next = releaseId((latest?.number ?? 0) + 1);
    const waiting = await bus.last(subjects.input(book, 'release', next));
    if (waiting === null) break;
    latest = decodeEntry(waiting.data).release;
  }
  return latest;
}
