// `npm run models:reload [-- N]`: N promotions (default 2,000) while questions run all the time. Prints what failed, the slowest
// answer and the memory on the way; exit code 1 where a question failed or another model answered.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { folderStore, reloadUnderLoad, trustedKeys } from '@bellwether/models';
import { plainTable } from '../plain-table.js';
import { DRAWN_MODELS, drawModels } from './models-for-tests.js';

const VERSIONS = 6;
const OPEN_MAX = 2;
const MIB = 1024 * 1024;
/** Later than any bar may be answered: the shortest bar is a minute. */
const BAR_MS = 60_000;

const reloads = Number(process.argv[2] ?? 2_000);
const folder = await mkdtemp(path.join(tmpdir(), 'bw-reload-'));
try {
  const models = DRAWN_MODELS.slice(1, 2);
  const place = models[0]!.name;
  const keyFolder = path.join(folder, 'key');
  for (let i = 1; i <= VERSIONS; i++) {
    await drawModels({
      ...{ folder: path.join(folder, 'models'), keyFolder, schema_hash: 'a'.repeat(64), models },
      ...{ version: String(i), seed: `version ${i}` },
    });
  }
  const store = folderStore(path.join(folder, 'models'));
  const { slots } = await store.registry();
  const memory: (readonly [number, string, string])[] = [];
  const result = await reloadUnderLoad({
    ...{ store, trust: { keys: await trustedKeys(keyFolder), unsigned: false }, slot: place },
    ...{ versions: slots[0]!.versions, reloads, openMax: OPEN_MAX },
    onReload: (done) => {
      if (done % Math.max(1, Math.floor(reloads / 8)) !== 0) return;
      const { rss, heapUsed } = process.memoryUsage();
      memory.push([done, (rss / MIB).toFixed(1), (heapUsed / MIB).toFixed(1)]);
    },
  });
  const { answered, failed, wrong, slowestMs } = result;
  process.stdout.write(
    `${place}, ${VERSIONS} versions, at most ${OPEN_MAX} open\n` +
      `${result.reloads} reloads, ${answered} answers, ${failed} failed, ${wrong} of another model, slowest ${slowestMs.toFixed(1)} ms\n\n` +
      `${plainTable(['reloads', 'RSS MiB', 'heap MiB'], memory, [0, 1, 2])}\n`,
  );
  if (failed > 0 || wrong > 0 || slowestMs > BAR_MS) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
