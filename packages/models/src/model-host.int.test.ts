/**
 * Goal: a new model takes over without a gap. Method: real sessions; questions run all the while models are promoted, each
 * question names its model, and every answer must be that model's own. `npm run models:reload` does it 2,000 times.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ModelUnavailable } from '@bellwether/host';
import { folderStore } from './folder-store.js';
import { ModelHost } from './model-host.js';
import { TRUST, WIDTH, aModel } from './model-for-tests.js';
import type { ModelStore } from './model-store.js';
import { ModelRegistry } from './registry.js';
import { reloadUnderLoad } from './reload-under-load.js';

let folder = '';
let store: ModelStore;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-models-'));
  store = folderStore(folder);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const NOTE = { at_us: 1, by: 'test', reason: 'test' };
const SLOT = 'regime_classifier';

interface Kept {
  readonly version: string;
  readonly sha256: string;
}

async function kept(versions: number): Promise<readonly Kept[]> {
  const registry = new ModelRegistry(store, TRUST);
  const found = [];
  for (let i = 1; i <= versions; i++) {
    const { version, sha256 } = await registry.add(await aModel({ version: String(i) }, `seed ${i}`), NOTE);
    found.push({ version, sha256 });
  }
  return found;
}

const ones = (): Float32Array => new Float32Array(2 * WIDTH).fill(1);

describe('the model host', () => {
  it('answers with the model that a question names, whatever else is open', async () => {
    const found = await kept(2);
    const [one, two] = [found[0]!, found[1]!];
    const host = new ModelHost({ store, trust: TRUST });
    const ask = async (model: { version: string; sha256: string }) =>
      (await host.infer([{ model: SLOT, ...model, inputs: ones() }]))[0];
    const first = await ask(one);
    const second = await ask(two);
    expect(first).toMatchObject({ model: SLOT, version: '1', sha256: one.sha256 });
    expect(second?.outputs).not.toEqual(first?.outputs);
    expect(await ask(one)).toEqual(first);
    await host.close();
  });

  it('stops the book that asks a model which is not there, or is another one', async () => {
    const one = (await kept(1))[0]!;
    const host = new ModelHost({ store, trust: TRUST });
    const unknown = host.infer([{ model: SLOT, version: '9', sha256: one.sha256, inputs: ones() }]);
    await expect(unknown).rejects.toBeInstanceOf(ModelUnavailable);
    const other = host.infer([{ model: SLOT, version: '1', sha256: 'f'.repeat(64), inputs: ones() }]);
    await expect(other).rejects.toThrow('other bytes than the journal names');
    await host.close();
  });

  it('takes a model that came after it was asked for in vain', async () => {
    const files = await aModel();
    const host = new ModelHost({ store, trust: TRUST });
    const { sha256 } = JSON.parse(files.manifest) as { sha256: string };
    const question = { model: SLOT, version: '1', sha256, inputs: ones() };
    await expect(host.infer([question])).rejects.toBeInstanceOf(ModelUnavailable);
    await store.keep(SLOT, '1', files);
    expect((await host.infer([question]))[0]?.outputs).toHaveLength(2);
    await host.close();
  });

  it('is the same for one row and for many', async () => {
    const one = (await kept(1))[0]!;
    const host = new ModelHost({ store, trust: TRUST });
    const rows = Array.from({ length: 9 }, (_, i) => ones().fill(i / 7));
    const together = await host.answerRows({ model: SLOT, ...one }, rows);
    const alone = await host.infer(rows.map((inputs) => ({ model: SLOT, ...one, inputs })));
    expect(alone.map(({ outputs }) => outputs)).toEqual(together);
    await host.close();
  });

  it('answers every question while models are promoted, and holds no more of them than its bound', async () => {
    const versions = await kept(6);
    const result = await reloadUnderLoad({
      store,
      trust: TRUST,
      slot: SLOT,
      versions,
      reloads: 60,
      openMax: 2,
    });
    expect(result).toMatchObject({ reloads: 60, failed: 0, wrong: 0 });
    expect(result.answered).toBeGreaterThan(60);
  });
});
