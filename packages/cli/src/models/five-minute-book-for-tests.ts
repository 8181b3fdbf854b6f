import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bar } from '@bellwether/contracts';
import { generateSessions } from '@bellwether/testkit';
import type { DataOptions } from '../data/data-plan.js';

/** Made-up five-minute bars as a file, and a book for them: a session has 276 bars, so that many sessions are cheap. */
export interface FiveMinuteBook {
  readonly bars: readonly Bar[];
  readonly options: DataOptions;
}

const price = (bar: Bar, ticks: number): string => ((ticks * bar.tick_size_e4) / 10_000).toFixed(2);

const lineOf = (bar: Bar): string =>
  [
    new Date(bar.open_us / 1_000).toISOString(),
    ...[bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => price(bar, ticks)),
    bar.volume ?? 0,
  ].join(',');

/** `settings`: of the book file, besides its symbol, interval and time. */
export async function fiveMinuteBook(
  folder: string,
  sessions: number,
  settings: { readonly book: string } & Readonly<Record<string, unknown>>,
): Promise<FiveMinuteBook> {
  const drawn = { seed: 'shadow', symbol: 'ES', firstTradeDate: 20_250_303, interval: '5m' } as const;
  const bars = [...generateSessions({ ...drawn, sessions })];
  const data = path.join(folder, 'es.csv');
  const book = path.join(folder, 'book.yaml');
  await writeFile(data, ['ts,open,high,low,close,volume', ...bars.map(lineOf), ''].join('\n'));
  const own = { symbols: [{ symbol: 'ES' }], known_time: 'event', bar_interval: '5m', ...settings };
  await writeFile(book, JSON.stringify(own));
  return { bars, options: { data: [data], symbol: ['ES'], warmup: 0, book } };
}
