import { importBars, manifestMark, type ImportResult } from '@bellwether/catalog';
import { markText } from '@bellwether/verdict';
import { catalogFolder } from '../folders.js';
import { showProgress, type Progress } from '../progress.js';

export interface ImportCommandOptions {
  readonly symbol: string;
  readonly contract?: string;
  readonly synthetic?: boolean;
  readonly replace?: boolean;
  readonly trustTimes?: boolean;
  readonly acceptVerdict?: boolean;
  readonly catalog?: string;
}

/** What a shell gives a program that Ctrl-C has ended. */
const INTERRUPTED_EXIT = 130;

const numberText = (value: number): string => value.toLocaleString('en-US');

/** What the importer has found out, for people: nothing is taken for granted silently. */
function described({ outcome, manifest, replaced }: ImportResult): string {
  const { source, symbol, interval, contract, zone, stamp, origin, has_volume, trade_dates } = manifest;
  const lines = [
    outcome === 'unchanged'
      ? `${source.name} is in the catalog already; nothing was changed.`
      : `${source.name}: ${numberText(manifest.rows)} bars of ${symbol} ${interval} on ${trade_dates.length} trade dates, ` +
        `${trade_dates[0]!.trade_date} to ${trade_dates[trade_dates.length - 1]!.trade_date}`,
    `  stamps    bar ${stamp}s in ${zone}`,
    `  contract  ${contract ?? 'not told: taken for a continuous series'}`,
    `  volume    ${has_volume ? 'yes' : 'not known'}`,
    `  origin    ${origin}`,
    `  sha256    ${source.sha256}`,
    `  verdict   ${markText(manifestMark(manifest))}`,
  ];
  for (const { code, level, message } of manifest.findings) {
    lines.push(`  ${level === undefined ? '' : `${level} `}${code}: ${message}`);
  }
  if (replaced.length > 0) lines.push(`  replaced trade dates of ${replaced.join(', ')}`);
  return lines.join('\n');
}

async function importOne(
  file: string,
  options: ImportCommandOptions,
  signal: AbortSignal,
): Promise<ImportResult> {
  let progress: Progress | null = null;
  try {
    return await importBars({
      catalog: catalogFolder(options.catalog ?? null),
      file,
      symbol: options.symbol,
      contract: options.contract ?? null,
      origin: options.synthetic === true ? 'synthetic' : 'market',
      replace: options.replace === true,
      trustTimes: options.trustTimes === true,
      acceptVerdict: options.acceptVerdict === true,
      importedAt: new Date().toISOString(),
      signal,
      onProgress: ({ bytes_read, bytes_total }) => {
        progress ??= showProgress('bytes', bytes_total);
        progress.update(bytes_read);
      },
    });
  } finally {
    (progress as Progress | null)?.end();
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
