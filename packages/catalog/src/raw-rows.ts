import fs from 'node:fs';
import readline from 'node:readline';
import { createGunzip } from 'node:zlib';
import { BellwetherError } from '@bellwether/contracts';
import type { RawBar } from '@bellwether/verdict';

const GZIP_MAGIC = [0x1f, 0x8b];
const HEADER = 'ts,open,high,low,close,volume';
const FIELDS = 6;
/** Rows handed on at once. */
const BATCH_ROWS = 4_096;

/** A bar with the line that it stands in. */
export interface RawRow {
  readonly bar: RawBar;
  readonly line: number;
}

export interface RawRowsOptions {
  /** Bars of a file are told of as they are read, in bytes. */
  readonly onProgress?: (progress: { readonly bytes_read: number; readonly bytes_total: number }) => void;
  /** Is told of every line that is no row at all. */
  readonly onUnreadable?: (line: number) => void;
}

function failed(file: string, cause: unknown): BellwetherError {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : null;
  const why =
    code === 'ENOENT' ? 'There is no such file' : cause instanceof Error ? cause.message : String(cause);
  return new BellwetherError('data_unreadable', `${file}: ${why}`, [], { cause });
}

function isGzip(file: string): boolean {
  const handle = fs.openSync(file, 'r');
  try {
    const head = Buffer.alloc(GZIP_MAGIC.length);
    fs.readSync(handle, head, 0, head.length, 0);
    return GZIP_MAGIC.every((byte, i) => head[i] === byte);
  } finally {
    fs.closeSync(handle);
  }
}

function barOf(line: string): RawBar | null {
  const fields = line.split(',');
  if (fields.length !== FIELDS) return null;
  const [ts = '', open, high, low, close, volume] = fields;
  const ms = Date.parse(ts);
  const bar = {
    open_us: ms * 1_000,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume),
  };
  const { open: a, high: b, low: c, close: d, volume: e } = bar;
  return ts.endsWith('Z') && Number.isFinite(ms + a + b + c + d + e) ? bar : null;
}

/**
 * The rows of a bar file as they are written, whatever is wrong with them: off the tick grid, out of order, impossible. A
 * verdict is made of these; what the catalog takes goes through the strict reader of `ingestion`.
 *
 * @throws BellwetherError `data_unreadable` where the file cannot be read, or is none of bars
 */
export async function* readRawRows(
  file: string,
  options: RawRowsOptions = {},
): AsyncGenerator<readonly RawRow[], void, undefined> {
  let size: number;
  let packed: boolean;
  try {
    size = fs.statSync(file).size;
    packed = isGzip(file);
  } catch (cause) {
    throw failed(file, cause);
  }
  const bytes = fs.createReadStream(file);
  const text = packed ? bytes.pipe(createGunzip()) : bytes;
  // An error of the file would otherwise not reach the reader of what was unpacked.
  if (packed) bytes.on('error', (error) => text.destroy(error));
  const lines = readline.createInterface({ input: text, crlfDelay: Infinity });
  const broken = new Promise<never>((_, reject) => text.once('error', reject));
  broken.catch(() => lines.close());
  let batch: RawRow[] = [];
  let line = 0;
  try {
    for await (const written of lines) {
      line++;
      if (line === 1) {
        const head = written
          .replace(/^\uFEFF/, '')
          .trim()
          .toLowerCase();
        if (head !== HEADER) {
          throw new BellwetherError(
            'data_unreadable',
            `${file}:1: Expected the header ${HEADER}, was ${head.slice(0, 80)}`,
          );
        }
        continue;
      }
      const bar = barOf(written);
      if (bar === null) options.onUnreadable?.(line);
      else batch.push({ bar, line });
      if (batch.length < BATCH_ROWS) continue;
      options.onProgress?.({ bytes_read: bytes.bytesRead, bytes_total: size });
      yield batch;
      batch = [];
    }
    await Promise.race([broken, Promise.resolve()]);
  } catch (cause) {
    throw cause instanceof BellwetherError ? cause : failed(file, cause);
  } finally {
    lines.close();
    bytes.destroy();
  }
  if (batch.length > 0) yield batch;
}
