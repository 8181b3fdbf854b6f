import { readFile } from 'node:fs/promises';
import { BellwetherError, bookConfigOf, type BookFile, type Problem } from '@bellwether/contracts';
import { parse } from 'yaml';
import { z } from 'zod';

const value = z.union([z.number(), z.string(), z.boolean()]);
/** Settings of a book file by their path, each with the values to try: `strategies.S6.all.stop_min_ticks: [4, 8]`. */
const gridSchema = z.record(
  z.string().regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/),
  z.array(value).min(1).max(1_000),
);

export type GridValue = z.infer<typeof value>;

/** One variant of a grid: the settings that it changes, in the order of the file. */
export type GridPoint = readonly { readonly name: string; readonly value: GridValue }[];

/** Variants that one sweep may try. The number of trials grows with them, and every result is worth less. */
export const VARIANTS_MAX = 10_000;

/**
 * Reads a grid. All combinations, the last setting changing fastest.
 *
 * @throws BellwetherError `config_invalid`
 */
export async function readGrid(file: string): Promise<readonly GridPoint[]> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('config_invalid', `${file}: ${why}`, [], { cause });
  }
  const read = gridSchema.safeParse(content);
  if (!read.success) {
    const problems: Problem[] = read.error.issues.map(({ path, message }) => ({
      path: path.join('.'),
      message,
    }));
    throw new BellwetherError('config_invalid', `${file} is no grid of settings and values`, problems);
  }
  let points: GridPoint[] = [[]];
  for (const [name, values] of Object.entries(read.data)) {
    points = points.flatMap((point) => values.map((one) => [...point, { name, value: one }]));
    if (points.length > VARIANTS_MAX) {
      throw new BellwetherError('config_invalid', `${file}: More than ${VARIANTS_MAX} variants`);
    }
  }
  return points;
}

/**
 * The book file with the settings of a variant.
 *
 * @throws BellwetherError `config_invalid` where the book does not have them so
 */
export function bookOf(base: BookFile, point: GridPoint): BookFile {
  const book: Record<string, unknown> = { ...structuredClone(base) };
  for (const { name, value: own } of point) setAt(book, name.split('.'), own, name);
  bookConfigOf(book);
  // bookConfigOf has refused whatever is no book file.
  return book as BookFile;
}

function setAt(target: Record<string, unknown>, keys: readonly string[], own: GridValue, name: string): void {
  const [key = '', ...rest] = keys;
  if (rest.length === 0) {
    target[key] = own;
    return;
  }
  const next = target[key] ?? {};
  if (typeof next !== 'object') {
    throw new BellwetherError('config_invalid', `${name}: ${key} is a value, not a group of settings`);
  }
  target[key] = next;
  setAt(next as Record<string, unknown>, rest, own, name);
}

/** `strategies.S6.all.stop_min_ticks 8, micros true` */
export function pointText(point: GridPoint): string {
  return point.map(({ name, value: own }) => `${name} ${own}`).join(', ');
}
