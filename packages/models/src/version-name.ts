import { createHash } from 'node:crypto';

/**
 * The name of a version that is known before its training: the day of the newest thing it learns from, and a hash over all that makes its
 * bytes. Equal parts have equal names.
 *
 * @param until_us market time of what is newest in the training
 * @param parts plain data, in an order that stays
 */
export function versionName(until_us: number, parts: readonly unknown[]): string {
  const day = new Date(until_us / 1_000).toISOString().slice(0, 10).replaceAll('-', '');
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${day}-${hash.slice(0, 12)}`;
}
