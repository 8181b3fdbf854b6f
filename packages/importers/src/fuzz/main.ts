import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SeedResult } from './read-seed.js';
import { runSeeds } from './run-seeds.js';

const USAGE = 'npm run fuzz:importers -- --seeds N --from S';
const SHOWN_MAX = 20;

function whole(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Reads damaged files of every binary format. Exit code 1 where one of them ends in anything but bars or a refusal. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { seeds: { type: 'string', default: '2000' }, from: { type: 'string', default: '1' } },
  });
  const seeds = whole(values.seeds);
  const from = whole(values.from);
  if (seeds === null || from === null) {
    process.stderr.write(`Expected whole numbers: ${USAGE}\n`);
    return 2;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-fuzz-'));
  const crashes: SeedResult[] = [];
  const counts = new Map<string, number>();
  let rss_mb = 0;
  const start = performance.now();
  await runSeeds({ folder, from, until: from + seeds }, (result) => {
    const key = `${result.outcome}${result.outcome === 'refused' ? ` ${result.detail}` : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    rss_mb = Math.max(rss_mb, result.rss_mb);
    if (result.outcome === 'crash') crashes.push(result);
  });
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  process.stdout.write(`${seeds} seeds from ${from} in ${seconds} s, at most ${rss_mb} MB of memory\n`);
  for (const [what, count] of [...counts].sort((a, b) => b[1] - a[1]))
    process.stdout.write(`  ${what}: ${count}\n`);
  for (const { seed, base, detail } of crashes.slice(0, SHOWN_MAX)) {
    process.stdout.write(`seed ${seed} (${base}; ${path.join(folder, `seed-${seed}`)}): ${detail}\n`);
  }
  if (crashes.length === 0) fs.rmSync(folder, { recursive: true });
  return crashes.length === 0 ? 0 : 1;
}
