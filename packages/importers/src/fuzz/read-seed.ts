import fs from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';
import { openForeignBars } from '../open-foreign.js';
import { sampleBarsOf } from '../testing/samples.js';
import { ZSTD_SAMPLE_BARS } from '../testing/zstd-sample.js';
import { fuzzBases, fuzzFile } from './mutate.js';

const MEGABYTE = 1024 * 1024;
/** A zstd window of the largest size and the rows of a run take less, over what the process had before the first seed. */
export const RSS_MB_MAX = 600;

/** What became of a damaged file. A crash is what is no refusal of ours; rows are taken where the damage does not show. */
export interface SeedResult {
  readonly seed: number;
  readonly base: string;
  readonly outcome: 'taken' | 'refused' | 'crash';
  /** Code of the refusal, or what crashed. */
  readonly detail: string;
  readonly rss_mb: number;
}

async function readAll(
  file: string,
  format: 'auto' | Parameters<typeof openForeignBars>[0]['format'],
): Promise<number> {
  const options = { file, symbol: 'ES', contract: null, instrument: null, format } as const;
  const bars = await openForeignBars({ ...options, zone: null, stamp: null, price_factor: null });
  if (bars === null) return 0;
  try {
    let rows = 0;
    for await (const batch of bars.rows(() => undefined)) rows += batch.length;
    return rows;
  } finally {
    await bars.close();
  }
}

/** Reads damaged files, one a seed, each written into the folder. */
export class SeedReader {
  /** A process that has run other things may hold much already. */
  readonly #before_mb = Math.round(process.memoryUsage.rss() / MEGABYTE);
  readonly #bases = fuzzBases(sampleBarsOf(1, 'fuzz').slice(0, ZSTD_SAMPLE_BARS));

  constructor(private readonly folder: string) {}

  async read(seed: number): Promise<SeedResult> {
    const { base, format, bytes, detect } = fuzzFile(seed, this.#bases);
    const file = path.join(this.folder, `seed-${seed}`);
    await fs.writeFile(file, bytes);
    let outcome: SeedResult['outcome'] = 'taken';
    let detail: string;
    try {
      detail = `${await readAll(file, detect ? 'auto' : format)} bars`;
    } catch (error) {
      const ours = error instanceof BellwetherError && error.code !== 'internal';
      outcome = ours ? 'refused' : 'crash';
      detail = ours ? error.code : error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const rss_mb = Math.max(0, Math.round(process.memoryUsage.rss() / MEGABYTE) - this.#before_mb);
    if (outcome !== 'crash') await fs.rm(file);
    if (rss_mb > RSS_MB_MAX)
      return { seed, base, outcome: 'crash', detail: `${rss_mb} MB of memory after ${detail}`, rss_mb };
    return { seed, base, outcome, detail, rss_mb };
  }
}
