import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { finished } from 'node:stream/promises';
import zlib from 'node:zlib';
import { BellwetherError } from '@bellwether/contracts';

/** How far the reading of a file is. Bytes are those of the file, compressed where it is. */
export interface CsvProgress {
  readonly bytes_read: number;
  readonly bytes_total: number;
}

export interface CsvOptions {
  readonly onProgress?: (progress: CsvProgress) => void;
  readonly signal?: AbortSignal;
}

/** Longest line. A row of bars has about 70 characters; a longer one means that the file is something else. */
const LINE_LENGTH_MAX = 400;

export interface LineBatch {
  /** Number of the first line, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

export interface FileDigest {
  readonly sha256: string;
  readonly bytes: number;
}

/** A file that cannot be used as it is. `at` is a line number, or null for the file as a whole. */
export function unreadable(path: string, at: number | null, what: string, cause?: unknown): BellwetherError {
  const place = at === null ? path : `${path}:${at}`;
  return new BellwetherError(
    'data_unreadable',
    `${place}: ${what}`,
    [],
    cause === undefined ? undefined : { cause },
  );
}

function readError(path: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ABORT_ERR') return cause;
  if (code === 'Z_BUF_ERROR') {
    return unreadable(path, null, 'The compressed data end too early. Copy the file again', cause);
  }
  if (code.startsWith('Z_'))
    return unreadable(path, null, 'This is not valid gzip data. Copy the file again', cause);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return unreadable(path, null, 'The text is not UTF-8. Save it as UTF-8', cause);
  }
  if (code === 'ENOENT') return unreadable(path, null, 'There is no such file', cause);
  if (code === 'EISDIR')
    return unreadable(path, null, 'This is a folder. Name a .csv or .csv.gz file', cause);
  if (code === 'EACCES') return unreadable(path, null, 'The file may not be read by this user', cause);
  return cause;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/**
 * The lines of a .csv or .csv.gz file, a chunk at a time, in bounded memory; returns the digest of the file's bytes.
 * Line ends may be LF or CRLF; a last line without one counts.
 *
 * @throws BellwetherError `data_unreadable`
 */
export async function* readLines(
  path: string,
  { onProgress, signal }: CsvOptions,
): AsyncGenerator<LineBatch, FileDigest, undefined> {
  const compressed = path.endsWith('.gz');
  if (!compressed && !path.endsWith('.csv')) throw unreadable(path, null, 'Expected a .csv or .csv.gz file');
  const hash = createHash('sha256');
  let bytes = 0;
  const file = fs.createReadStream(path, signal === undefined ? {} : { signal });
  // An error after the reading has ended has nobody to tell it to, and must not end the process.
  file.on('error', () => undefined);
  try {
    const { size } = await fs.promises.stat(path);
    file.on('data', (chunk: string | Buffer) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    const text = compressed ? file.pipe(zlib.createGunzip()) : file;
    // pipe() does not pass errors on.
    if (text !== file) file.on('error', (error) => text.destroy(error));
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let rest = '';
    let line = 1;
    for await (const chunk of text as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield { first: line, lines: lines.map(withoutCarriageReturn) };
      line += lines.length;
      if (rest.length > LINE_LENGTH_MAX)
        throw unreadable(path, line, 'The line is too long for a row of bars');
      onProgress?.({ bytes_read: bytes, bytes_total: size });
    }
    rest += decoder.decode();
    if (rest !== '') yield { first: line, lines: [withoutCarriageReturn(rest)] };
    // Padding after the compressed data is not asked for by the decompressor; the digest is of all bytes.
    file.unpipe();
    file.resume();
    await finished(file);
  } catch (error) {
    throw readError(path, error);
  } finally {
    file.destroy();
  }
  return { sha256: hash.digest('hex'), bytes };
}
