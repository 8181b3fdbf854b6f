import { rename } from 'node:fs/promises';
import { ParquetTable, type ParquetColumn } from '@bellwether/catalog';
import { rowWidth, type Column, type DataSet, type FinalSplit, type RowFold } from '@bellwether/training';

/** In which part of a fold a row is; empty where it was purged or lies in an embargo. */
export interface RowPart {
  readonly name: string;
  readonly parts: readonly string[];
}

/** Rows between two looks at the progress. */
const PROGRESS_EVERY = 4_096;

function marked(name: string, rows: number, places: Readonly<Record<string, Int32Array>>): RowPart {
  const parts = new Array<string>(rows).fill('');
  for (const [part, own] of Object.entries(places)) for (const row of own) parts[row] = part;
  return { name, parts };
}

/** One column a fold, and one for the model that is kept. */
export function rowParts(rows: number, folds: readonly RowFold[], final: FinalSplit): readonly RowPart[] {
  return [
    ...folds.map(({ train, validate, test }, i) => marked(`fold_${i + 1}`, rows, { train, validate, test })),
    marked('final', rows, { train: final.train, calibrate: final.calibrate }),
  ];
}

/** Null where a row has no label or note. */
function numberOf({ values }: Column, row: number): number | null {
  const value = values[row]!;
  return Number.isFinite(value) ? value : null;
}

function columnsOf(set: DataSet, parts: readonly RowPart[]): readonly ParquetColumn<number>[] {
  const width = rowWidth(set.input);
  const numbers = (name: string, values: Float32Array): ParquetColumn<number>[] =>
    Array.from({ length: width }, (_, i) => ({
      ...{ name: `${name}_${i}`, type: 'DOUBLE' as const },
      of: (row: number) => values[row * width + i]!,
    }));
  return [
    { name: 'symbol', type: 'VARCHAR', of: (row) => set.symbols[row]! },
    { name: 'session', type: 'INTEGER', of: (row) => set.session[row]! },
    { name: 'start', type: 'TIME', of: (row) => BigInt(set.start_us[row]!) },
    { name: 'end', type: 'TIME', of: (row) => BigInt(set.end_us[row]!) },
    { name: 'weight', type: 'DOUBLE', of: (row) => set.weights[row]! },
    ...set.labelColumns.map((column) => ({
      ...{ name: `label_${column.name}`, type: 'DOUBLE' as const },
      of: (row: number) => numberOf(column, row),
    })),
    ...set.noteColumns.map((column) => ({
      ...{ name: `note_${column.name}`, type: 'DOUBLE' as const },
      of: (row: number) => numberOf(column, row),
    })),
    ...parts.map((part) => ({
      ...{ name: part.name, type: 'VARCHAR' as const },
      of: (row: number) => part.parts[row]!,
    })),
    ...numbers('features', set.features),
    ...numbers('mask', set.mask),
  ];
}

/** The rows as Parquet, in their order. The file gets its name when it is whole. */
export async function writeRows(
  set: DataSet,
  parts: readonly RowPart[],
  file: string,
  onProgress: (done: number) => void,
): Promise<void> {
  const table = await ParquetTable.open('rows', columnsOf(set, parts));
  for (let row = 0; row < set.rows; row++) {
    await table.add(row);
    if ((row + 1) % PROGRESS_EVERY === 0 || row + 1 === set.rows) onProgress(row + 1);
  }
  await table.write(`${file}.partial`, {
    bellwether_dataset: set.sha256,
    bellwether_schema: set.schema_sha256,
    bellwether_model: set.model,
  });
  await rename(`${file}.partial`, file);
}
