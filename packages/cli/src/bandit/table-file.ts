import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readTable, type Table, type TableOptions } from '@bellwether/bandit-bench';
import { BellwetherError } from '@bellwether/contracts';

/** A classification table in a file. */
export interface TableSource extends Omit<TableOptions, 'name'> {
  readonly file: string;
}

const GZIP = [0x1f, 0x8b];
/** Longest text, unpacked: below what a string of V8 holds. */
const TEXT_BYTES_MAX = 400 * 1024 * 1024;

/**
 * Reads a table, packed by gzip or not.
 *
 * @throws BellwetherError `data_unreadable`, `format_unclear`
 */
export async function tableOf({ file, header, classAt }: TableSource): Promise<Table> {
  const name = path.basename(file);
  return readTable(await textOf(file, name), { name, header, classAt });
}

async function textOf(file: string, name: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
    const packed = GZIP.every((byte, i) => bytes[i] === byte);
    if (packed) bytes = await promisify(gunzip)(bytes, { maxOutputLength: TEXT_BYTES_MAX });
  } catch (cause) {
    throw new BellwetherError('data_unreadable', `${name}: ${messageOf(cause)}`, [], { cause });
  }
  if (bytes.length > TEXT_BYTES_MAX) {
    throw new BellwetherError('data_unreadable', `${name}: Expected at most ${TEXT_BYTES_MAX} bytes of text`);
  }
  const text = bytes.toString('utf8');
  if (text.includes('\0')) throw new BellwetherError('data_unreadable', `${name}: It is not a text`);
  return text;
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
