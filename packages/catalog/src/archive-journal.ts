import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Bus } from '@bellwether/bus';
import { BellwetherError, decodeEntry, subjects } from '@bellwether/contracts';
import { whileLocked } from './catalog-lock.js';
import { Duckdb } from './duckdb.js';
import {
  archivedEntry,
  entrySha256,
  hashEntry,
  readEntries,
  writeEntries,
  type ArchivedEntry,
} from './journal-parquet.js';
import { moveIntoPlace, readJson, writeJson } from './json-file.js';
import { CATALOG_FORMAT, journalManifest, type JournalManifest, type JournalSegment } from './manifest.js';
import { CatalogPlaces } from './places.js';

/** Entries in one file: a bound for the memory of the copy. */
export const SEGMENT_ENTRIES_MAX = 50_000;

export interface ArchiveOptions {
  readonly bus: Bus;
  readonly book: string;
  /** Folder of the catalog. Made where it is missing. */
  readonly catalog: string;
  /** ISO 8601, for the manifest. */
  readonly archivedAt: string;
  readonly segmentEntriesMax?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (entries: number) => void;
}

export interface ArchiveResult {
  /** Entries that this run has copied. */
  readonly copied: number;
  /** All that the archive has of the book. */
  readonly manifest: JournalManifest;
}

function otherJournal(book: string, catalog: string): BellwetherError {
  return new BellwetherError(
    'other_inputs',
    `The archive of ${book} in ${catalog} is of another journal: its last entry is not in this one`,
  );
}

/** Throws where the journal is not the one that the archive was begun with. */
async function checkSameJournal({ bus, book, catalog }: ArchiveOptions, last: JournalSegment): Promise<void> {
  const stored = await bus.get(subjects.journalOf(book), last.last_sequence);
  if (stored === null || entrySha256(archivedEntry(stored)) !== last.last_entry_sha256) {
    throw otherJournal(book, catalog);
  }
}

function shaOf(entries: readonly ArchivedEntry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) hashEntry(hash, entry);
  return hash.digest('hex');
}

/** Reads a file back and says what its entries come to. */
export async function shaOfFile(duckdb: Duckdb, file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const entry of readEntries(duckdb, file)) hashEntry(hash, entry);
  return hash.digest('hex');
}

/** Files of a book's archive that its manifest does not name: left by a crash. Relative to the catalog's folder. */
export async function unusedSegments(
  places: CatalogPlaces,
  { book, segments }: JournalManifest,
): Promise<readonly string[]> {
  const used = new Set(segments.map(({ file }) => path.basename(file)));
  const found = await fs.readdir(places.journal(book)).catch(() => []);
  const left = found.filter((name) => name.endsWith('.parquet') && !used.has(name));
  return left.map((name) => path.relative(places.folder, path.join(places.journal(book), name)));
}

class JournalArchive {
  #manifest: JournalManifest;

  constructor(
    private readonly options: ArchiveOptions,
    private readonly places: CatalogPlaces,
    private readonly duckdb: Duckdb,
    manifest: JournalManifest,
  ) {
    this.#manifest = manifest;
  }

  get manifest(): JournalManifest {
    return this.#manifest;
  }

  /** Copies entries into a file, reads it back, and only then makes it part of the archive. */
  async add(entries: readonly ArchivedEntry[]): Promise<void> {
    const { book, archivedAt } = this.options;
    const first = entries[0]!;
    const last = entries[entries.length - 1]!;
    const file = `journals/${book}/${book}-${first.sequence}-${last.sequence}.parquet`;
    const staged = path.join(this.places.staging(`journal-${book}`), path.basename(file));
    await fs.mkdir(path.dirname(staged), { recursive: true });
    await writeEntries(this.duckdb, staged, entries, book);
    const entries_sha256 = shaOf(entries);
    if ((await shaOfFile(this.duckdb, staged)) !== entries_sha256) {
      throw new BellwetherError('catalog_corrupt', `${staged}: What was read back is not what was written`);
    }
    await moveIntoPlace([{ from: staged, to: this.places.file(file) }]);
    const segment: JournalSegment = {
      file,
      entries: entries.length,
      first_sequence: first.sequence,
      last_sequence: last.sequence,
      first_known_us: decodeEntry(first.payload).known_us,
      last_known_us: decodeEntry(last.payload).known_us,
      entries_sha256,
      last_entry_sha256: entrySha256(last),
      archived_at: archivedAt,
    };
    this.#manifest = { ...this.#manifest, segments: [...this.#manifest.segments, segment] };
    await writeJson(this.places.journalManifest(book), this.#manifest);
  }
}

async function copy(options: ArchiveOptions, places: CatalogPlaces, duckdb: Duckdb): Promise<ArchiveResult> {
  const { bus, book, signal, onProgress, segmentEntriesMax = SEGMENT_ENTRIES_MAX } = options;
  const empty: JournalManifest = { format: CATALOG_FORMAT, book, segments: [] };
  const known = (await readJson(places.journalManifest(book), journalManifest)) ?? empty;
  const last = known.segments[known.segments.length - 1];
  if (last !== undefined) await checkSameJournal(options, last);
  for (const file of await unusedSegments(places, known)) await fs.rm(places.file(file), { force: true });
  const archive = new JournalArchive(options, places, duckdb, known);
  const waiting: ArchivedEntry[] = [];
  let copied = 0;
  const write = async (): Promise<void> => {
    const entries = waiting.splice(0);
    if (entries.length === 0) return;
    await archive.add(entries);
    copied += entries.length;
    onProgress?.(copied);
  };
  const from = (last?.last_sequence ?? 0) + 1;
  for await (const message of bus.read(subjects.journalOf(book), { from, follow: false })) {
    if (signal?.aborted === true) break;
    waiting.push(archivedEntry(message));
    if (waiting.length >= segmentEntriesMax) await write();
  }
  if (signal?.aborted !== true) await write();
  return { copied, manifest: archive.manifest };
}

/**
 * Copies what a book's journal has gained since the last time into the catalog. Each file is read back and compared byte by
 * byte before it counts. The journal itself stays as it is: the bus can take nothing away.
 *
 * @throws BellwetherError `data_empty` where the journal has no entry, `other_inputs` where the archive is of another
 * journal, `catalog_in_use`, `catalog_corrupt`
 */
export async function archiveJournal(options: ArchiveOptions): Promise<ArchiveResult> {
  const places = new CatalogPlaces(options.catalog);
  return whileLocked(places.lock, async () => {
    if ((await options.bus.last(subjects.journalOf(options.book))) === null) {
      throw new BellwetherError('data_empty', `The journal has no entry of book ${options.book}`);
    }
    const duckdb = await Duckdb.open();
    try {
      return await copy(options, places, duckdb);
    } finally {
      duckdb.close();
      await fs.rm(places.stagings, { recursive: true, force: true });
    }
  });
}
