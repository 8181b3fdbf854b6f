import { importBars, manifestMark, type ImportReading, type ImportResult } from '@bellwether/catalog';
import { BellwetherError } from '@bellwether/contracts';
import {
  isFormatName,
  openForeignBars,
  titleOf,
  type FormatName,
  type StampSide,
} from '@bellwether/importers';
import type { CsvProgress } from '@bellwether/ingestion';
import { markText } from '@bellwether/verdict';
import { catalogFolder } from '../folders.js';
import { showProgress, type Progress } from '../progress.js';

export interface ImportCommandOptions {
  readonly symbol?: string;
  readonly contract?: string;
  readonly format: FormatName | 'auto';
  readonly zone?: string;
  readonly stamp?: StampSide;
  readonly instrument?: string;
  readonly priceFactor?: string;
  readonly synthetic?: boolean;
  readonly replace?: boolean;
  readonly trustTimes?: boolean;
  readonly acceptVerdict?: boolean;
  readonly catalog?: string;
}

/** What a shell gives a program that Ctrl-C has ended. */
const INTERRUPTED_EXIT = 130;

const numberText = (value: number): string => value.toLocaleString('en-US');

/** Why a file of another product was read as it was, and what was left out. */
function readingLines({ price_factor, instrument, evidence, duplicates, in_order }: ImportReading): string[] {
  const lines = evidence.map((one) => `  evidence  ${one}`);
  if (instrument !== null) lines.push(`  taken     ${instrument}`);
  if (price_factor !== '1') lines.push(`  prices    times ${price_factor}, as --price-factor says`);
  if (!in_order) lines.push('  order     the rows were not in order of time, and were sorted');
  if (duplicates > 0) {
    lines.push(
      `  repeated  ${numberText(duplicates)} rows with the stamp of a later one were left out: the last one counts`,
    );
  }
  return lines;
}

/** What the importer has found out, for people: nothing is taken for granted silently. */
function described({ outcome, manifest, replaced }: ImportResult): string {
  const { source, symbol, interval, contract, zone, stamp, origin, has_volume, trade_dates, reading } =
    manifest;
  const lines = [
    outcome === 'unchanged'
      ? `${source.name} is in the catalog already; nothing was changed.`
      : `${source.name}: ${numberText(manifest.rows)} bars of ${symbol} ${interval} on ${trade_dates.length} trade dates, ` +
        `${trade_dates[0]!.trade_date} to ${trade_dates[trade_dates.length - 1]!.trade_date}`,
    `  format    ${isFormatName(source.kind) ? titleOf(source.kind) : source.kind}`,
    `  stamps    bar ${stamp}s in ${zone}`,
    `  contract  ${contract ?? 'not told: taken for a continuous series'}`,
    `  volume    ${has_volume ? 'yes' : 'not known'}`,
    `  origin    ${origin}`,
    `  sha256    ${source.sha256}`,
    `  verdict   ${markText(manifestMark(manifest))}`,
  ];
  if (reading !== undefined) lines.push(...readingLines(reading));
  for (const { code, level, message } of manifest.findings) {
    lines.push(`  ${level === undefined ? '' : `${level} `}${code}: ${message}`);
  }
  if (replaced.length > 0) lines.push(`  replaced trade dates of ${replaced.join(', ')}`);
  return lines.join('\n');
}

/** Options that say how a file of another product is meant. */
const FOREIGN_OPTIONS = ['zone', 'stamp', 'instrument', 'priceFactor'] as const;

/** A file of our own layout says all that these options could. */
function checkOwn(file: string, options: ImportCommandOptions): string {
  const given = FOREIGN_OPTIONS.filter((name) => options[name] !== undefined);
  if (given.length > 0) {
    const names = given.map((name) => `--${name === 'priceFactor' ? 'price-factor' : name}`).join(', ');
    throw new BellwetherError(
      'usage',
      `${file} is of our own layout (bar opens in UTC, points), which ${names} cannot change`,
    );
  }
  if (options.symbol !== undefined) return options.symbol;
  throw new BellwetherError(
    'usage',
    `${file} does not tell its instrument: give --symbol ES, NQ, MES or MNQ`,
  );
}

async function importOne(
  file: string,
  options: ImportCommandOptions,
  signal: AbortSignal,
): Promise<ImportResult> {
  let progress: Progress | null = null;
  const watched = {
    signal,
    onProgress: ({ bytes_read, bytes_total }: CsvProgress): void => {
      progress ??= showProgress('bytes', bytes_total);
      progress.update(bytes_read);
    },
  };
  const { symbol = null, contract = null, format, zone = null, stamp = null, instrument = null } = options;
  const price_factor = options.priceFactor ?? null;
  const asked = { file, symbol, contract, format, zone, stamp, instrument, price_factor };
  const foreign = await openForeignBars({ ...asked, ...watched });
  try {
    return await importBars({
      ...watched,
      catalog: catalogFolder(options.catalog ?? null),
      file,
      symbol: foreign === null ? checkOwn(file, options) : foreign.facts.symbol,
      contract: foreign === null ? contract : foreign.facts.contract,
      ...(foreign === null ? {} : { foreign }),
      origin: options.synthetic === true ? 'synthetic' : 'market',
      replace: options.replace === true,
      trustTimes: options.trustTimes === true,
      acceptVerdict: options.acceptVerdict === true,
      importedAt: new Date().toISOString(),
    });
  } finally {
    (progress as Progress | null)?.end();
    await foreign?.close();
  }
}

/** `bw import`: takes bar files into the catalog, each whole or not at all. The first one that is refused ends it. */
export async function importFiles(files: readonly string[], options: ImportCommandOptions): Promise<void> {
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    for (const file of files) {
      process.stdout.write(`${described(await importOne(file, options, stop.signal))}\n`);
    }
  } catch (cause) {
    if (!stop.signal.aborted) throw cause;
    process.stderr.write('Ended; nothing of this file was imported.\n');
    process.exitCode = INTERRUPTED_EXIT;
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}
