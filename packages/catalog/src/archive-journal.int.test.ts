/**
 * Goal: the archive holds every entry of a book's journal, byte for byte, and counts nothing that was not read back.
 * Method: journals on each kind of bus, with two books in one stream; the files are read and compared with the journal.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryBus, openBus, type Bus, type StoredMessage } from '@bellwether/bus';
import { EntryKindName, encodeEntry, subjects, type Entry } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { aBarEntry, aClockEntry, atMinute, describeWithNats, startNatsServer } from '@bellwether/testkit';
import { archiveJournal, type ArchiveResult } from './archive-journal.js';
import { newFolder } from './bar-files-for-tests.js';
import { Duckdb } from './duckdb.js';
import { archivedEntry, readEntries, type ArchivedEntry } from './journal-parquet.js';
import { CatalogPlaces } from './places.js';
import { verifyCatalog } from './verify-catalog.js';

let root = '';
beforeAll(() => {
  root = newFolder();
});
afterAll(() => {
  fs.rmSync(root, { recursive: true });
});

let cases = 0;
const newCatalog = (): string => path.join(root, `catalog-${++cases}`);

async function append(bus: Bus, book: string, entry: Entry): Promise<void> {
  const subject = subjects.journal(book, EntryKindName[entry.kind], entry.id);
  const headers = { 'Bw-Host': 'here', 'Bw-Received': String(entry.known_us) };
  await bus.append(subject, encodeEntry({ ...entry, book }), { expectedLastSequence: 0, headers });
}

/** Bars and clock entries of minutes from `first` on, in two books that take turns. */
async function fill(bus: Bus, first: number, count: number): Promise<void> {
  for (let i = first; i < first + count; i++) {
    await append(bus, 'es', aBarEntry({ open_us: atMinute(i), close_ticks: 26_400 + (i % 5) }));
    await append(bus, 'other', aClockEntry({ boundary_us: atMinute(i) }));
  }
}

async function journaled(bus: Bus, book: string): Promise<ArchivedEntry[]> {
  const found: StoredMessage[] = [];
  for await (const message of bus.read(subjects.journalOf(book), { from: 1, follow: false }))
    found.push(message);
  return found.map(archivedEntry);
}

async function archived(catalog: string, { manifest }: ArchiveResult): Promise<ArchivedEntry[]> {
  const duckdb = await Duckdb.open();
  const found: ArchivedEntry[] = [];
  for (const { file } of manifest.segments) {
    for await (const entry of readEntries(duckdb, new CatalogPlaces(catalog).file(file))) found.push(entry);
  }
  duckdb.close();
  return found;
}

const plain = (entries: readonly ArchivedEntry[]): readonly unknown[] =>
  entries.map((entry) => ({ ...entry, payload: Buffer.from(entry.payload).toString('hex') }));

const archive = (bus: Bus, catalog: string, segmentEntriesMax = 50_000): Promise<ArchiveResult> =>
  archiveJournal({ bus, book: 'es', catalog, archivedAt: '2026-11-22T12:00:00Z', segmentEntriesMax });

async function copiesAll(bus: Bus): Promise<void> {
  const catalog = newCatalog();
  await fill(bus, 0, 25);
  const first = await archive(bus, catalog, 10);
  expect(first.copied).toBe(25);
  expect(first.manifest.segments.map(({ entries }) => entries)).toEqual([10, 10, 5]);
  expect(plain(await archived(catalog, first))).toEqual(plain(await journaled(bus, 'es')));

  expect(await archive(bus, catalog, 10)).toEqual({ copied: 0, manifest: first.manifest });
  await fill(bus, 25, 3);
  const second = await archive(bus, catalog, 10);
  expect(second.copied).toBe(3);
  expect(second.manifest.segments.slice(0, 3)).toEqual(first.manifest.segments);
  expect(plain(await archived(catalog, second))).toEqual(plain(await journaled(bus, 'es')));
  // The journal is as it was: nothing is taken out of it.
  expect(await journaled(bus, 'es')).toHaveLength(28);
  expect(await verifyCatalog({ places: new CatalogPlaces(catalog) })).toEqual({
    good: 4,
    problems: [],
    unused: [],
  });
}

describe('the archive of a journal', () => {
  it('is a copy of it, and a second run adds what is new: memory', async () => {
    const bus = new MemoryBus();
    await copiesAll(bus);
    await bus.close();
  });

  it('is a copy of it, and a second run adds what is new: LMDB', async () => {
    const bus = await openBus({ kind: 'lmdb', folder: path.join(root, 'store') });
    await copiesAll(bus);
    await bus.close();
  });

  it('refuses a journal that is not the one it was begun with', async () => {
    const catalog = newCatalog();
    const bus = new MemoryBus();
    await fill(bus, 0, 5);
    await archive(bus, catalog);
    for (const first of [0, 100]) {
      const other = new MemoryBus();
      await fill(other, first, 3 + first);
      await expect(archive(other, catalog)).rejects.toMatchObject({ code: 'other_inputs' });
    }
  });

  it('of a book without entries is refused, and makes nothing', async () => {
    const catalog = newCatalog();
    await expect(archive(new MemoryBus(), catalog)).rejects.toMatchObject({ code: 'data_empty' });
    expect(fs.existsSync(path.join(catalog, 'journals'))).toBe(false);
  });

  it('stopped in the middle keeps whole files, and goes on from there', async () => {
    const catalog = newCatalog();
    const bus = new MemoryBus();
    await fill(bus, 0, 25);
    const stop = new AbortController();
    const first = await archiveJournal({
      ...{ bus, book: 'es', catalog, archivedAt: '2026-11-22T12:00:00Z', segmentEntriesMax: 10 },
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    });
    expect(first.copied).toBe(10);
    const second = await archive(bus, catalog, 10);
    expect(second.copied).toBe(15);
    expect(plain(await archived(catalog, second))).toEqual(plain(await journaled(bus, 'es')));
  });

  it('removes a file that a crash has left, and sees one that was changed', async () => {
    const catalog = newCatalog();
    const bus = new MemoryBus();
    await fill(bus, 0, 5);
    const places = new CatalogPlaces(catalog);
    const { manifest } = await archive(bus, catalog);
    const stray = places.file('journals/es/es-11-99.parquet');
    fs.writeFileSync(stray, 'half');
    expect((await verifyCatalog({ places })).unused).toEqual(['journals/es/es-11-99.parquet']);
    await fill(bus, 5, 1);
    await archive(bus, catalog);
    expect(fs.existsSync(stray)).toBe(false);
    const { segments } = (await archive(bus, catalog)).manifest;
    expect(segments.slice(0, 1)).toEqual(manifest.segments);
    const [first, second] = segments.map(({ file }) => file);
    fs.copyFileSync(places.file(present(second, 'a second file')), places.file(present(first, 'a file')));
    expect((await verifyCatalog({ places })).problems).toEqual([
      { path: first, message: 'The entries are not those of the manifest' },
    ]);
  });
});

describeWithNats('the archive of a journal on NATS', () => {
  it('is a copy of it, and a second run adds what is new', async () => {
    const server = await startNatsServer();
    const bus = await openBus({ kind: 'nats', name: 'archive-test', servers: [server.url] });
    try {
      await copiesAll(bus);
    } finally {
      await bus.close();
      await server.stop();
    }
  });
});
