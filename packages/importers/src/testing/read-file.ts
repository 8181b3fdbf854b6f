/** Test support: files in folders of their own, and what was read of them. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CsvRow } from '@bellwether/ingestion';
import { BellwetherError, type Bar } from '@bellwether/contracts';
import { openForeignBars, type ForeignOptions } from '../open-foreign.js';

export function newFolder(): string {
  return fs.mkdtempSync(path.join(tmpdir(), 'bw importers '));
}

export function written(folder: string, name: string, bytes: Buffer | string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
}

/** Options of an import of which nothing is told but the file and its symbol. */
export function options(file: string, more: Partial<ForeignOptions> = {}): ForeignOptions {
  return {
    ...{ file, symbol: 'ES', contract: null, instrument: null, format: 'auto', zone: null, stamp: null },
    price_factor: null,
    ...more,
  };
}

export interface ReadBars {
  readonly kind: string;
  readonly zone: string;
  readonly stamp: string;
  readonly contract: string | null;
  readonly instrument: string | null;
  readonly evidence: readonly string[];
  readonly duplicates: number;
  readonly in_order: boolean;
  readonly problems: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** Reads a file whole. */
export async function readFile(read: ForeignOptions): Promise<ReadBars> {
  const bars = await openForeignBars(read);
  if (bars === null) throw new Error('The file is of our own layout');
  const problems: string[] = [];
  const rows: CsvRow[] = [];
  try {
    for await (const batch of bars.rows(({ line, message }) => void problems.push(`${line}: ${message}`))) {
      for (const { line: _line, ...row } of batch) rows.push(row);
    }
    const { kind, zone, stamp, facts } = bars;
    const { duplicates, in_order, evidence } = bars.reading();
    const { contract, instrument } = facts;
    return { kind, zone, stamp, contract, instrument, evidence, duplicates, in_order, problems, rows };
  } finally {
    await bars.close();
  }
}

/** The row that a bar must be read as. */
export function rowOf(bar: Bar): CsvRow {
  const { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume } = bar;
  return { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume: volume ?? 0 };
}

/** How a reading ended that should be refused: code and text with all its problems. */
export async function refusal(
  read: ForeignOptions,
): Promise<{ readonly code: string; readonly text: string }> {
  try {
    const { rows, problems } = await readFile(read);
    if (problems.length > 0) return { code: 'data_unreadable', text: problems.join('\n') };
    return { code: 'taken', text: `${rows.length} bars` };
  } catch (error) {
    if (!(error instanceof BellwetherError)) throw error;
    return { code: error.code, text: error.message };
  }
}
