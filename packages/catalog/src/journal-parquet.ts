import { createHash, type Hash } from 'node:crypto';
import type { StoredMessage } from '@bellwether/bus';
import { DataOriginName, EntryKindName, decodeEntry } from '@bellwether/contracts';
import { sqlText, type Column, type Duckdb, type DuckdbValue } from './duckdb.js';

/** An entry as the journal stores it. */
export interface ArchivedEntry {
  readonly sequence: number;
  readonly subject: string;
  /** As JSON, names in order: what differs from run to run. */
  readonly headers: string;
  readonly payload: Uint8Array;
}

export function archivedEntry({ sequence, subject, headers, data }: StoredMessage): ArchivedEntry {
  const ordered = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return { sequence, subject, headers: JSON.stringify(Object.fromEntries(ordered)), payload: data };
}

/** Takes an entry into a hash: every byte of it, and where it ends. */
export function hashEntry(hash: Hash, { sequence, subject, headers, payload }: ArchivedEntry): void {
  hash.update(`${sequence}\n${subject}\n${headers}\n${payload.length}\n`).update(payload);
}

export function entrySha256(entry: ArchivedEntry): string {
  const hash = createHash('sha256');
  hashEntry(hash, entry);
  return hash.digest('hex');
}

const COLUMNS =
  'sequence BIGINT, subject VARCHAR, kind VARCHAR, id VARCHAR, source VARCHAR, origin VARCHAR, ' +
  'event_us BIGINT, known_us BIGINT, headers VARCHAR, payload BLOB';

/** Writes entries to one file: the bytes as the journal has them, and beside them columns to look things up by. */
export async function writeEntries(
  duckdb: Duckdb,
  file: string,
  entries: readonly ArchivedEntry[],
  book: string,
): Promise<void> {
  const { BIGINT, BLOB, VARCHAR } = duckdb.types;
  const decoded = entries.map(({ payload }) => decodeEntry(payload));
  const text = (values: readonly string[]): Column => ({ type: VARCHAR, values });
  const integer = (values: readonly number[]): Column => ({ type: BIGINT, values: values.map(BigInt) });
  await duckdb.run(`CREATE OR REPLACE TABLE entries (${COLUMNS})`);
  await duckdb.append('entries', [
    integer(entries.map(({ sequence }) => sequence)),
    text(entries.map(({ subject }) => subject)),
    text(decoded.map(({ kind }) => EntryKindName[kind])),
    text(decoded.map(({ id }) => id)),
    text(decoded.map(({ source }) => source)),
    text(decoded.map(({ origin }) => DataOriginName[origin])),
    integer(decoded.map(({ event_us }) => event_us)),
    integer(decoded.map(({ known_us }) => known_us)),
    text(entries.map(({ headers }) => headers)),
    { type: BLOB, values: entries.map(({ payload }) => duckdb.blob(payload)) },
  ]);
  await duckdb.run(
    `COPY (SELECT * FROM entries ORDER BY sequence) TO ${sqlText(file)} ` +
      `(FORMAT parquet, COMPRESSION snappy, KV_METADATA {book: ${sqlText(book)}})`,
  );
}

/** The entries of a file, in order. */
export async function* readEntries(
  duckdb: Duckdb,
  file: string,
): AsyncGenerator<ArchivedEntry, void, undefined> {
  const chunks = duckdb.chunks(
    `SELECT sequence::DOUBLE, subject, headers, payload FROM read_parquet(${sqlText(file)})`,
  );
  for await (const [sequence = [], subject = [], headers = [], payload = []] of chunks) {
    for (let i = 0; i < sequence.length; i++) {
      yield {
        sequence: Number(sequence[i]),
        subject: String(subject[i]),
        headers: String(headers[i]),
        payload: bytesOf(payload[i]),
      };
    }
  }
}

function bytesOf(value: DuckdbValue | undefined): Uint8Array {
  const inside = typeof value === 'object' && value !== null && 'bytes' in value ? value.bytes : null;
  return inside instanceof Uint8Array ? inside : new Uint8Array();
}
