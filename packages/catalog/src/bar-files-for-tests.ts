/** Test support: bar files of made-up sessions, in folders of their own. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bar } from '@bellwether/contracts';
import { ticksToPoints } from '@bellwether/market';
import { generateSessions } from '@bellwether/testkit';
import type { ImportOptions } from './import-bars.js';

export const HEADER = 'ts,open,high,low,close,volume';

export function newFolder(): string {
  return fs.mkdtempSync(path.join(tmpdir(), 'bw catalog '));
}

export function barsOf(
  firstTradeDate: number,
  sessions: number,
  {
    symbol = 'ES',
    interval = '1m',
    seed = 'catalog',
  }: { symbol?: string; interval?: '1m' | '5m'; seed?: string } = {},
): Bar[] {
  return [...generateSessions({ seed, symbol, firstTradeDate, sessions, interval })];
}

const stamp = (us: number): string => new Date(us / 1_000).toISOString().replace('.000Z', 'Z');

/** A row as the importer takes it; `shift_us` moves its stamp. */
export function rowOf(bar: Bar, shift_us = 0): string {
  const points = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks];
  const prices = points.map((ticks) => ticksToPoints(ticks, bar.tick_size_e4));
  return [stamp(bar.open_us + shift_us), ...prices, bar.volume ?? 0].join(',');
}

export function writeBars(folder: string, name: string, bars: readonly Bar[], shift_us = 0): string {
  return writeRows(
    folder,
    name,
    bars.map((bar) => rowOf(bar, shift_us)),
  );
}

export function writeRows(folder: string, name: string, rows: readonly string[]): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, [HEADER, ...rows, ''].join('\n'));
  return file;
}

export function anImport(folder: string, file: string, options: Partial<ImportOptions> = {}): ImportOptions {
  return {
    catalog: path.join(folder, 'catalog'),
    file,
    symbol: 'ES',
    contract: null,
    origin: 'market',
    replace: false,
    trustTimes: false,
    acceptVerdict: false,
    importedAt: '2026-11-22T12:00:00Z',
    ...options,
  };
}
