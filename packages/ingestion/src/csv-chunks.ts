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

/** Bytes that are read, and unpacked, at a time. */
const CHUNK_BYTES = 256 * 1024;

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

/** What went wrong while a file was read, in words that help. */
export function readError(path: string, cause: unknown): unknown {
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

/**
 * The text of a .csv or .csv.gz file as bytes, a chunk at a time, in bounded memory; returns the digest of the file's
 * own bytes.
 *
 * @throws BellwetherError `data_unreadable`
 */
export async function* readChunks(
  path: string,
  { onProgress, signal }: CsvOptions,
): AsyncGenerator<Buffer, FileDigest, undefined> {
  const compressed = path.endsWith('.gz');
  if (!compressed && !path.endsWith('.csv')) throw unreadable(path, null, 'Expected a .csv or .csv.gz file');
  const hash = createHash('sha256');
  let bytes = 0;
  const highWaterMark = CHUNK_BYTES;
  const file = fs.createReadStream(
    path,
    signal === undefined ? { highWaterMark } : { highWaterMark, signal },
  );
  // An error after the reading has ended has nobody to tell it to, and must not end the process.
  file.on('error', () => undefined);
  try {
    const { size } = await fs.promises.stat(path);
    file.on('data', (chunk: string | Buffer) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    const text = compressed ? file.pipe(zlib.createGunzip({ chunkSize: CHUNK_BYTES })) : file;
    // pipe() does not pass errors on.
    if (text !== file) file.on('error', (error) => text.destroy(error));
    for await (const chunk of text as AsyncIterable<Buffer>) {
      yield chunk;
      onProgress?.({ bytes_read: bytes, bytes_total: size });
    }
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
