import fs from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import type { z } from 'zod';

/** Waits until a file, or the names in a folder, are on the disk. */
async function syncFile(file: string): Promise<void> {
  const handle = await fs.open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Files that are put on the disk at the same time: more do not make it faster. */
const SYNCS_AT_ONCE = 16;

export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Moves finished files to their names: a reader sees the old one or the new one, whole. */
export async function moveIntoPlace(moves: readonly Move[]): Promise<void> {
  const folders = new Set(moves.map(({ to }) => path.dirname(to)));
  for (const folder of folders) await fs.mkdir(folder, { recursive: true });
  for (let i = 0; i < moves.length; i += SYNCS_AT_ONCE) {
    await Promise.all(moves.slice(i, i + SYNCS_AT_ONCE).map(({ from }) => syncFile(from)));
  }
  for (const { from, to } of moves) await fs.rename(from, to);
  for (const folder of folders) await syncFile(folder);
}

/** Writes a JSON file beside its place and moves it there. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const beside = `${file}.new`;
  await fs.writeFile(beside, `${JSON.stringify(value, null, 1)}\n`);
  await moveIntoPlace([{ from: beside, to: file }]);
}

/**
 * Reads a JSON file of the catalog; null where there is none.
 *
 * @throws BellwetherError `catalog_corrupt`, with everything that is wrong in it
 */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  let content: unknown;
  try {
    content = JSON.parse(await fs.readFile(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('catalog_corrupt', `${file}: ${why}`, [], { cause });
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  throw new BellwetherError(
    'catalog_corrupt',
    `${file}: It does not have the form of this version`,
    result.error.issues.map(({ path: where, message }) => ({ path: where.join('.'), message })),
  );
}
