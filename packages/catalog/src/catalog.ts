import fs from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { moveIntoPlace, readJson, writeJson } from './json-file.js';
import {
  CATALOG_FORMAT,
  catalogIndex,
  importManifest,
  type CatalogIndex,
  type ImportManifest,
} from './manifest.js';
import { INTERVALS, type CatalogPlaces, type IntervalName } from './places.js';

const EMPTY: CatalogIndex = { format: CATALOG_FORMAT, bars: {} };

/** The trade dates of one symbol and interval, and the import that each comes from. */
export type DatesByImport = ReadonlyMap<number, string>;

/** What a catalog held when it was read. Writing goes through {@link commitImport}. */
export class Catalog {
  private constructor(
    readonly places: CatalogPlaces,
    readonly index: CatalogIndex,
    /** Every import that the index names. */
    readonly imports: ReadonlyMap<string, ImportManifest>,
  ) {}

  /**
   * Reads the index and the manifests. A folder that is not there is an empty catalog.
   *
   * @throws BellwetherError `catalog_corrupt`
   */
  static async read(places: CatalogPlaces): Promise<Catalog> {
    const index = (await readJson(places.index, catalogIndex)) ?? EMPTY;
    const imports = new Map<string, ImportManifest>();
    for (const importId of namedIn(index)) {
      const manifest = await readJson(places.manifest(importId), importManifest);
      if (manifest === null) {
        throw new BellwetherError('catalog_corrupt', `${places.manifest(importId)}: The manifest is missing`);
      }
      imports.set(importId, manifest);
    }
    return new Catalog(places, index, imports);
  }

  /** Symbols with bars, in order. */
  get symbols(): readonly string[] {
    return Object.keys(this.index.bars).sort();
  }

  /** Lengths of bars that there are of a symbol. */
  intervalsOf(symbol: string): readonly IntervalName[] {
    return INTERVALS.filter((interval) => this.datesOf(symbol, interval).size > 0);
  }

  /** In order of the dates. */
  datesOf(symbol: string, interval: IntervalName): DatesByImport {
    const dates = Object.entries(this.index.bars[symbol]?.[interval] ?? {});
    return new Map(dates.map(([date, id]) => [Number(date), id] as const).sort((a, b) => a[0] - b[0]));
  }
}

function namedIn(index: CatalogIndex): ReadonlySet<string> {
  const dates = Object.values(index.bars).flatMap((intervals) => Object.values(intervals));
  return new Set(dates.flatMap((of) => Object.values(of ?? {})));
}

function indexWith({ index }: Catalog, { id, symbol, interval, trade_dates }: ImportManifest): CatalogIndex {
  const own = Object.fromEntries(trade_dates.map(({ trade_date }) => [String(trade_date), id]));
  const intervals = index.bars[symbol];
  const dates = { ...intervals?.[interval], ...own };
  return { ...index, bars: { ...index.bars, [symbol]: { ...intervals, [interval]: dates } } };
}

/**
 * Makes an import part of the catalog: files into place, manifest, then the index, which is the moment it counts. A crash
 * before leaves the catalog as it was. Files that the new index no longer needs are removed last.
 */
export async function commitImport(
  catalog: Catalog,
  manifest: ImportManifest,
  staged: string,
): Promise<void> {
  const { places } = catalog;
  await moveIntoPlace(
    manifest.trade_dates.map(({ file }) => ({
      from: path.join(staged, path.basename(file)),
      to: places.file(file),
    })),
  );
  await writeJson(places.manifest(manifest.id), manifest);
  await writeJson(places.index, indexWith(catalog, manifest));
  await removeUnused(places);
}

/** Every file below `bars` and `imports` that no date of the index needs, relative to the folder. */
export async function unusedFiles(catalog: Catalog): Promise<readonly string[]> {
  const { places, index, imports } = catalog;
  const used = new Set<string>();
  for (const [importId, { symbol, interval, trade_dates }] of imports) {
    used.add(path.relative(places.folder, places.manifest(importId)));
    const dates = index.bars[symbol]?.[interval] ?? {};
    for (const { trade_date, file } of trade_dates)
      if (dates[String(trade_date)] === importId) used.add(file);
  }
  const found = [...(await filesBelow(places.bars)), ...(await filesBelow(places.imports))];
  return found.map((file) => path.relative(places.folder, file)).filter((file) => !used.has(file));
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function removeUnused(places: CatalogPlaces): Promise<void> {
  const catalog = await Catalog.read(places);
  for (const file of await unusedFiles(catalog)) await fs.rm(places.file(file), { force: true });
}
