import fs from 'node:fs/promises';
import { BellwetherError, type Problem } from '@bellwether/contracts';
import { shaOfFile, unusedSegments } from './archive-journal.js';
import { readStoredDates, type StoredDate } from './bar-parquet.js';
import { Catalog, unusedFiles } from './catalog.js';
import { Duckdb } from './duckdb.js';
import { readJson } from './json-file.js';
import { CATALOG_FORMAT, journalManifest, type JournalManifest } from './manifest.js';
import type { CatalogPlaces } from './places.js';

export interface CatalogVerdict {
  /** Files that were read whole and agree with their manifests. */
  readonly good: number;
  readonly problems: readonly Problem[];
  /** Files that no manifest needs: left by a crash, and removed by the next import or archive. */
  readonly unused: readonly string[];
}

export interface VerifyOptions {
  readonly places: CatalogPlaces;
  readonly onProgress?: (done: number, all: number) => void;
  readonly signal?: AbortSignal;
}

interface Check {
  readonly file: string;
  readonly run: (duckdb: Duckdb) => Promise<void>;
}

/** Every trade date that counts. */
function barChecks(catalog: Catalog): readonly Check[] {
  const checks: Check[] = [];
  for (const manifest of catalog.imports.values()) {
    const current = catalog.datesOf(manifest.symbol, manifest.interval);
    for (const date of manifest.trade_dates) {
      if (current.get(date.trade_date) !== manifest.id) continue;
      const stored: StoredDate = {
        date,
        path: catalog.places.file(date.file),
        tick_size_e4: manifest.tick_size_e4,
      };
      checks.push({
        file: date.file,
        run: async (duckdb) => {
          for await (const rows of readStoredDates(duckdb, [stored])) {
            if (rows.open_us.length === date.rows) continue;
            throw new BellwetherError(
              'catalog_corrupt',
              `Expected ${date.rows} bars, was ${rows.open_us.length}`,
            );
          }
        },
      });
    }
  }
  return checks;
}

async function journalsOf(places: CatalogPlaces): Promise<readonly JournalManifest[]> {
  const books = await fs.readdir(places.journals).catch(() => []);
  const found: JournalManifest[] = [];
  for (const book of books.sort()) {
    const manifest = await readJson(places.journalManifest(book), journalManifest);
    found.push(manifest ?? { format: CATALOG_FORMAT, book, segments: [] });
  }
  return found;
}

function journalChecks(places: CatalogPlaces, journals: readonly JournalManifest[]): readonly Check[] {
  const checks: Check[] = [];
  for (const { segments } of journals) {
    for (const { file, entries_sha256 } of segments) {
      checks.push({
        file,
        run: async (duckdb) => {
          if ((await shaOfFile(duckdb, places.file(file))) === entries_sha256) return;
          throw new BellwetherError('catalog_corrupt', 'The entries are not those of the manifest');
        },
      });
    }
  }
  return checks;
}

/**
 * Reads every file of a catalog and compares it with its manifest.
 *
 * @throws BellwetherError `catalog_corrupt` where a manifest or the index itself cannot be read
 */
export async function verifyCatalog({ places, onProgress, signal }: VerifyOptions): Promise<CatalogVerdict> {
  const catalog = await Catalog.read(places);
  const journals = await journalsOf(places);
  const checks = [...barChecks(catalog), ...journalChecks(places, journals)];
  const problems: Problem[] = [];
  const duckdb = await Duckdb.open();
  let done = 0;
  try {
    for (const { file, run } of checks) {
      signal?.throwIfAborted();
      try {
        await run(duckdb);
      } catch (error) {
        const message = error instanceof BellwetherError ? error.detail : String(error);
        problems.push({ path: file, message });
      }
      onProgress?.(++done, checks.length);
    }
  } finally {
    duckdb.close();
  }
  const unused = [...(await unusedFiles(catalog))];
  for (const journal of journals) unused.push(...(await unusedSegments(places, journal)));
  return { good: checks.length - problems.length, problems, unused };
}
