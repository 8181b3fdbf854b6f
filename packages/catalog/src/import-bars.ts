import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import path from 'node:path';
import { BellwetherError, type Problem } from '@bellwether/contracts';
import type { CsvOptions } from '@bellwether/ingestion';
import { contractOf, instrumentOf, type ContractMonth, type Instrument } from '@bellwether/market';
import { Catalog, commitImport } from './catalog.js';
import { whileLocked } from './catalog-lock.js';
import type { ForeignRows } from './foreign-rows.js';
import { CATALOG_FORMAT, type ImportManifest, type ImportReading } from './manifest.js';
import { CatalogPlaces, type IntervalName } from './places.js';
import { stageBars, type StagedBars } from './stage-bars.js';

/** Raised when the same file would be read as other bars. */
const IMPORTER_VERSION = 1;
const OWN_LAYOUT = 'bellwether_csv';
const SOURCE_LENGTH_MAX = 100;
/** Trade dates that a refusal names for each other import. */
const DATES_NAMED_MAX = 5;

export interface ImportOptions extends CsvOptions {
  /** Folder of the catalog. Made where it is missing. */
  readonly catalog: string;
  readonly file: string;
  readonly symbol: string;
  /** Such as ESZ25; null for a continuous series. */
  readonly contract: string | null;
  readonly origin: 'market' | 'synthetic';
  /** Put the bars in the place of those of other imports. */
  readonly replace: boolean;
  /** The rows, where the file is in another layout than ours. */
  readonly foreign?: ForeignRows;
  /** Take the stamps for right although a test says otherwise. */
  readonly trustTimes: boolean;
  /** Take the file although its verdict is refuse; the manifest and every profit and loss say so. */
  readonly acceptVerdict?: boolean;
  /** ISO 8601, for the manifest. */
  readonly importedAt: string;
}

export interface ImportResult {
  readonly outcome: 'imported' | 'unchanged';
  readonly manifest: ImportManifest;
  /** Imports whose bars were replaced, whole or in part. */
  readonly replaced: readonly string[];
}

interface Subject {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly instrument: Instrument;
  readonly contract: ContractMonth | null;
}

function usage(what: string): BellwetherError {
  return new BellwetherError('usage', what);
}

async function subjectOf({ file, symbol, contract, signal }: ImportOptions): Promise<Subject> {
  const instrument = instrumentOf(symbol);
  if (instrument === null) {
    throw new BellwetherError('unknown_symbol', `Expected ES, NQ, MES or MNQ, was ${symbol}`);
  }
  const month = contract === null ? null : contractOf(contract);
  if (contract !== null && month?.root !== symbol) {
    throw usage(`Expected a contract of ${symbol} such as ${symbol}Z25, was ${contract}`);
  }
  const name = path.basename(file);
  if (name.length > SOURCE_LENGTH_MAX) {
    throw usage(
      `Give ${name} a name of at most ${SOURCE_LENGTH_MAX} characters: it stands in the id of every entry`,
    );
  }
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(
      fs.createReadStream(file),
      async function* count(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          yield chunk;
        }
      },
      hash,
      signal === undefined ? {} : { signal },
    );
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ABORT_ERR') throw cause;
    const why = code === 'ENOENT' ? 'There is no such file' : String(cause);
    throw new BellwetherError('data_unreadable', `${file}: ${why}`, [], { cause });
  }
  return { name, sha256: hash.digest('hex'), bytes, instrument, contract: month };
}

function manifestOf(options: ImportOptions, subject: Subject, staged: StagedBars): ImportManifest {
  const { symbol, contract, origin, importedAt, foreign } = options;
  const kind = foreign?.kind ?? OWN_LAYOUT;
  const dates = staged.trade_dates;
  return {
    format: CATALOG_FORMAT,
    id: staged.import_id,
    source: { name: subject.name, sha256: subject.sha256, bytes: subject.bytes, kind },
    symbol,
    contract,
    zone: foreign?.zone ?? 'UTC',
    stamp: foreign?.stamp ?? 'open',
    interval: staged.interval,
    tick_size_e4: subject.instrument.tick_size_e4,
    origin,
    has_volume: staged.has_volume,
    rows: staged.rows,
    first_open_us: dates[0]!.first_open_us,
    last_open_us: dates[dates.length - 1]!.last_open_us,
    findings: [...staged.findings],
    verdict: staged.verdict,
    ...(foreign === undefined ? {} : { reading: foreign.reading() }),
    importer: { name: 'bw import', version: IMPORTER_VERSION },
    imported_at: importedAt,
    trade_dates: [...dates],
  };
}

/** What the user or the importer said of a file, for a comparison. */
function toldOf(contract: string | null, origin: string, reading: string | null): string {
  return `contract ${contract ?? 'not told'}, ${origin}${reading === null ? '' : `, ${reading}`}`;
}

/** All that decides which bars are made of the bytes of a file; null where it is of our own layout. */
function readingOf(zone: string, stamp: string, reading: ImportReading | undefined): string | null {
  if (reading === undefined) return null;
  const { price_factor, instrument } = reading;
  return `bar ${stamp}s in ${zone}, prices times ${price_factor}, ${instrument ?? 'one instrument'}`;
}

function readingNow(foreign: ForeignRows | undefined): string | null {
  return foreign === undefined ? null : readingOf(foreign.zone, foreign.stamp, foreign.reading());
}

/** The import of the same file of which every trade date still counts, or null. */
function sameImport(catalog: Catalog, options: ImportOptions, subject: Subject): ImportManifest | null {
  for (const manifest of catalog.imports.values()) {
    const { source, symbol, interval, trade_dates } = manifest;
    if (source.sha256 !== subject.sha256 || source.name !== subject.name || symbol !== options.symbol)
      continue;
    const dates = catalog.datesOf(symbol, interval);
    if (!trade_dates.every(({ trade_date }) => dates.get(trade_date) === manifest.id)) continue;
    const was = toldOf(
      manifest.contract,
      manifest.origin,
      readingOf(manifest.zone, manifest.stamp, manifest.reading),
    );
    const now = toldOf(options.contract, options.origin, readingNow(options.foreign));
    if (was === now) return manifest;
    if (options.replace) continue;
    throw new BellwetherError(
      'catalog_conflict',
      `${subject.name} is in the catalog already, as ${was}; now it is ${now}`,
    );
  }
  return null;
}

/** Other imports that hold trade dates of this one, each with those dates. */
function othersWith(catalog: Catalog, manifest: ImportManifest): ReadonlyMap<string, readonly number[]> {
  const dates = catalog.datesOf(manifest.symbol, manifest.interval);
  const found = new Map<string, number[]>();
  for (const { trade_date } of manifest.trade_dates) {
    const other = dates.get(trade_date);
    if (other === undefined || other === manifest.id) continue;
    const known = found.get(other) ?? [];
    known.push(trade_date);
    found.set(other, known);
  }
  return found;
}

function refuseConflict(catalog: Catalog, manifest: ImportManifest): void {
  const others = othersWith(catalog, manifest);
  if (others.size === 0) return;
  const problems: Problem[] = [...others].map(([importId, dates]) => {
    const named = dates.slice(0, DATES_NAMED_MAX).join(', ');
    const more = dates.length > DATES_NAMED_MAX ? ` and ${dates.length - DATES_NAMED_MAX} more` : '';
    const source = catalog.imports.get(importId)?.source.name ?? importId;
    return { path: `${manifest.symbol} ${manifest.interval}`, message: `${source} has ${named}${more}` };
  });
  throw new BellwetherError(
    'catalog_conflict',
    `${manifest.source.name} has trade dates that are in the catalog from another file`,
    problems,
  );
}

/**
 * Takes a bar file into the catalog, whole or not at all. The same file a second time changes nothing.
 *
 * @throws BellwetherError `data_unreadable` with everything that is wrong, by line; `data_refused` with what the verdict rests
 * on; `data_empty`, `interval_unsupported`,
 * `unknown_symbol`, `catalog_conflict`, `catalog_in_use`, `catalog_corrupt`
 */
export async function importBars(options: ImportOptions): Promise<ImportResult> {
  const places = new CatalogPlaces(options.catalog);
  const subject = await subjectOf(options);
  return whileLocked(places.lock, async () => {
    const catalog = await Catalog.read(places);
    const same = sameImport(catalog, options, subject);
    if (same !== null) return { outcome: 'unchanged', manifest: same, replaced: [] };
    const folder = places.staging(subject.sha256.slice(0, 16));
    try {
      const idOf = (interval: IntervalName): string =>
        `${options.symbol.toLowerCase()}-${interval}-${sourceId(subject, options.foreign)}`;
      const foreign = options.foreign ?? null;
      const staged = await stageBars({ ...options, ...subject, foreign, folder, idOf });
      const manifest = manifestOf(options, subject, staged);
      if (!options.replace) refuseConflict(catalog, manifest);
      const replaced = [...othersWith(catalog, manifest).keys()];
      await commitImport(catalog, manifest, folder);
      return { outcome: 'imported', manifest, replaced };
    } finally {
      await fs.promises.rm(places.stagings, { recursive: true, force: true });
    }
  });
}

/**
 * Name and content: the name stands in the ids of entries, so the same bars under another name are another import. The
 * same bytes read otherwise are other bars.
 */
function sourceId({ name, sha256 }: Subject, foreign: ForeignRows | undefined): string {
  const read = readingNow(foreign);
  return createHash('sha256')
    .update(`${name}\n${sha256}${read === null ? '' : `\n${read}`}`)
    .digest('hex')
    .slice(0, 16);
}
