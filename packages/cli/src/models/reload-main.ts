// `npm run models:reload [-- N]`: N promotions (default 2,000) of the forecast and a twentieth of that of each other model, while
// questions run all the time. Prints what failed, the slowest answer and the memory on the way; exit code 1 where a question failed
// or another model answered.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { folderStore, reloadUnderLoad, trustedKeys } from '@bellwether/models';
import { plainTable } from '../plain-table.js';
import { DRAWN_REGISTRY, drawModels } from './models-for-tests.js';

const VERSIONS = 6;
const OPEN_MAX = 2;
const MIB = 1024 * 1024;
/** Later than any bar may be answered: the shortest bar is a minute. */
const BAR_MS = 60_000;

const reloads = Number(process.argv[2] ?? 2_000);
const folder = await mkdtemp(path.join(tmpdir(), 'bw-reload-'));
const keyFolder = path.join(folder, 'key');
/** The one that takes longest to load and to ask. */
const LONG = 'rl_model';
const SHARE = 20;

const results: (readonly [string, number, number, number, number, string])[] = [];
const memory: (readonly [number, string, string])[] = [];
try {
  for (const model of DRAWN_REGISTRY) {
    const own = path.join(folder, model.name.replace('/', '-'));
    for (let i = 1; i <= VERSIONS; i++) {
      await drawModels({
        ...{ folder: own, keyFolder, schema_hash: 'a'.repeat(64), models: [model] },
        ...{ version: String(i), seed: `version ${i}` },
      });
    }
    const store = folderStore(own);
    const { slots } = await store.registry();
    const long = model.name === LONG;
    const count = long ? reloads : Math.max(1, Math.round(reloads / SHARE));
    const { answered, failed, wrong, slowestMs } = await reloadUnderLoad({
      ...{ store, trust: { keys: await trustedKeys(keyFolder), unsigned: false }, slot: model.name },
      ...{ versions: slots[0]!.versions, reloads: count, openMax: OPEN_MAX },
      onReload: (done) => {
        if (!long || done % Math.max(1, Math.floor(count / 8)) !== 0) return;
        const { rss, heapUsed } = process.memoryUsage();
        memory.push([done, (rss / MIB).toFixed(1), (heapUsed / MIB).toFixed(1)]);
      },
    });
    results.push([model.name, count, answered, failed, wrong, slowestMs.toFixed(1)]);
    if (failed > 0 || wrong > 0 || slowestMs > BAR_MS) process.exitCode = 1;
  }
  const head = ['model', 'reloads', 'answers', 'failed', 'of another model', 'slowest, ms'];
  process.stdout.write(
    `${VERSIONS} versions of each, at most ${OPEN_MAX} open\n\n${plainTable(head, results, [1, 2, 3, 4, 5])}\n\n` +
      `${LONG}\n${plainTable(['reloads', 'RSS MiB', 'heap MiB'], memory, [0, 1, 2])}\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
