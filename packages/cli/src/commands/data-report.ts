import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bookConfigOf, type BookConfig, type BookFile } from '@bellwether/contracts';
import { VERSION } from '@bellwether/host';
import type { Subject } from '@bellwether/verdict';
import { judgedData, type JudgedDataOptions } from '../data/judged-data.js';
import { dataPage } from '../data/report/data-page.js';
import { RawColumns } from '../data/report/raw-columns.js';

const INTERVALS: ReadonlyMap<number, BookFile['bar_interval']> = new Map([
  [60_000_000, '1m'],
  [300_000_000, '5m'],
]);

/** A book that would decide on such bars, for the features that it would see; null where no book could. */
function configFor({ instrument, symbol }: Subject, interval_us: number | null): BookConfig | null {
  const bar_interval = interval_us === null ? undefined : INTERVALS.get(interval_us);
  if (instrument === null || bar_interval === undefined) return null;
  return bookConfigOf({
    book: 'report',
    symbols: [{ symbol }],
    bar_interval,
    known_time: 'event',
  }).config;
}

/** `bw data report`: one page about the bars. */
export async function dataReport(
  bars: string | undefined,
  options: JudgedDataOptions & { readonly out: string },
): Promise<void> {
  const columns = new RawColumns();
  const judged = await judgedData(bars, options, (bar) => {
    columns.push(bar);
  });
  const { interval_us, result } = judged.verdict.result();
  const config = configFor(judged.subject, interval_us);
  const page = dataPage({ judged, bars: columns, config, version: VERSION });
  const file = path.resolve(options.out);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, page);
  process.stdout.write(
    `${judged.title}: verdict ${result}\n${path.relative(process.cwd(), file)} (${Math.ceil(page.length / 1_024)} KiB)\n`,
  );
}
