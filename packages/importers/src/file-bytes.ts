import fs from 'node:fs';
import zlib from 'node:zlib';
import type { CsvOptions } from '@bellwether/ingestion';
import { unreadable } from './refusals.js';
import { isZip, memberBytes, zipMembers } from './zip-members.js';
import { ZstdFrames, isZstd } from './zstd-frames.js';

/** Bytes that are read, and unpacked, at a time. */
const CHUNK_BYTES = 256 * 1024;

export type Container = 'plain' | 'gzip' | 'zstd' | 'zip';

/** Bytes of a file as they come out of its container. `member` is given where a member of an archive begins. */
export interface FilePart {
  readonly member: string | null;
  readonly bytes: Buffer;
}

export function containerOf(bytes: Buffer): Container {
  if (bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (isZstd(bytes)) return 'zstd';
  return isZip(bytes) ? 'zip' : 'plain';
}

/** What went wrong while a file was read, in words that help. */
function readError(name: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'Z_BUF_ERROR')
    return unreadable(name, 'The compressed data end too early. Copy the file again', cause);
  if (code.startsWith('Z_'))
    return unreadable(name, 'This is not valid gzip data. Copy the file again', cause);
  if (code === 'ENOENT') return unreadable(name, 'There is no such file', cause);
  if (code === 'EISDIR') return unreadable(name, 'This is a folder. Name a file', cause);
  if (code === 'EACCES') return unreadable(name, 'The file may not be read by this user', cause);
  return cause;
}

/** First bytes of a file, as they are on the disk. @throws BellwetherError `data_unreadable` */
export async function firstBytes(file: string, name: string, count: number): Promise<Buffer> {
  try {
    const handle = await fs.promises.open(file);
    try {
      const bytes = Buffer.alloc(count);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, count - length, length);
        length += bytesRead;
        if (bytesRead === 0 || length === count) return bytes.subarray(0, length);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(name, error);
  }
}

/**
 * What a file holds, a piece at a time, in bounded memory: gzip and zstd are unpacked, the members of a zip follow each
 * other in the order of their names.
 *
 * @throws BellwetherError `data_unreadable`
 */
export async function* fileParts(
  file: string,
  name: string,
  container: Container,
  options: CsvOptions = {},
): AsyncGenerator<FilePart, void, undefined> {
  try {
    if (container === 'zip') yield* zipParts(file, name, options);
    else yield* streamParts(file, name, container, options);
  } catch (error) {
    throw readError(name, error);
  }
}

async function* streamParts(
  path: string,
  name: string,
  container: Exclude<Container, 'zip'>,
  { onProgress, signal }: CsvOptions,
): AsyncGenerator<FilePart, void, undefined> {
  const { size } = await fs.promises.stat(path);
  const chunks = { highWaterMark: CHUNK_BYTES };
  const file = fs.createReadStream(path, signal === undefined ? chunks : { ...chunks, signal });
  file.on('error', () => undefined);
  let read = 0;
  file.on('data', (chunk: string | Buffer) => (read += chunk.length));
  const bytes = container === 'gzip' ? file.pipe(zlib.createGunzip({ chunkSize: CHUNK_BYTES })) : file;
  // pipe() does not pass errors on.
  if (bytes !== file) file.on('error', (error) => bytes.destroy(error));
  const frames = container === 'zstd' ? new ZstdFrames(name) : null;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      if (frames === null) yield { member: null, bytes: chunk };
      else for (const block of frames.unpack(chunk)) yield { member: null, bytes: block };
      onProgress?.({ bytes_read: read, bytes_total: size });
    }
    frames?.end();
  } finally {
    file.destroy();
  }
}

async function* zipParts(
  path: string,
  name: string,
  { onProgress, signal }: CsvOptions,
): AsyncGenerator<FilePart, void, undefined> {
  const file = await fs.promises.open(path);
  try {
    const { size } = await file.stat();
    const members = [...(await zipMembers(file, name))].sort((a, b) => (a.name < b.name ? -1 : 1));
    let read = 0;
    for (const member of members) {
      signal?.throwIfAborted();
      yield { member: member.name, bytes: await memberBytes(file, name, member) };
      read += member.packed_bytes;
      onProgress?.({ bytes_read: Math.min(read, size), bytes_total: size });
    }
  } finally {
    await file.close();
  }
}
