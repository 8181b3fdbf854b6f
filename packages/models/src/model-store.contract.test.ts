/** Goal: a folder and the object store keep the same promises. Method: one suite for both, on a real folder and a real bus. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBus } from '@bellwether/bus';
import { RegimeState } from '@bellwether/contracts';
import { blobModelStore } from './blob-store.js';
import { packBundle, unpackBundle } from './bundle.js';
import { folderStore } from './folder-store.js';
import { TRUST, aModel } from './model-for-tests.js';
import type { ModelStore } from './model-store.js';
import { ModelRegistry } from './registry.js';
import { championAt } from './registry-state.js';

const SLOT = 'regime_classifier';
const note = (at_us: number) => ({ at_us, by: 'test', reason: 'because' });

const STORES: readonly (readonly [string, (folder: string) => ModelStore])[] = [
  ['folder', (folder) => folderStore(folder)],
  ['object store', () => blobModelStore(new MemoryBus(), (ms) => wait(ms))],
];

describe.each(STORES)('a %s', (_name, open) => {
  let folder = '';
  let store: ModelStore;
  let registry: ModelRegistry;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-store-'));
    store = open(folder);
    registry = new ModelRegistry(store, TRUST);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is empty before the first model, and gives back what was kept', async () => {
    expect((await registry.state()).slots).toEqual([]);
    expect(await store.files(SLOT, '1')).toBeNull();
    const files = await aModel();
    await registry.add(files, note(1));
    const back = await store.files(SLOT, '1');
    expect(back?.manifest).toBe(files.manifest);
    expect(Buffer.from(back?.onnx ?? []).equals(Buffer.from(files.onnx))).toBe(true);
  });

  it('promotes, rolls back and retires, and knows who was champion when', async () => {
    await registry.add(await aModel({ version: '1' }, 'a'), note(1));
    await registry.add(await aModel({ version: '2' }, 'b'), note(2));
    expect(await registry.promotions()).toEqual([]);
    await registry.promote(SLOT, '1', note(10));
    await registry.challenge(SLOT, '2', note(15));
    await registry.promote(SLOT, '2', note(20));
    expect((await registry.promotions()).map(({ version }) => version)).toEqual(['2']);
    const state = await registry.rollback(SLOT, note(30));
    expect(state.slots[0]).toMatchObject({ champion: '1', previous: '2', challenger: null });
    await registry.retire(SLOT, note(40));
    const after = await registry.state();
    expect([5, 10, 19, 20, 30, 40].map((at) => championAt(after, SLOT, at)?.version ?? null)).toEqual([
      null,
      '1',
      '1',
      '2',
      '1',
      null,
    ]);
    expect(await registry.promotions()).toEqual([]);
  });

  it('never changes the bytes of a version, and takes the same ones twice', async () => {
    await registry.add(await aModel({ version: '1' }, 'a'), note(1));
    const again = await registry.state();
    await registry.add(await aModel({ version: '1' }, 'a'), note(2));
    expect(await registry.state()).toEqual(again);
    await expect(registry.add(await aModel({ version: '1' }, 'b'), note(3))).rejects.toMatchObject({
      code: 'model_version_taken',
    });
  });

  it('keeps the model of one regime beside that of all', async () => {
    await registry.add(await aModel({ version: '1' }, 'a'), note(1));
    await registry.add(await aModel({ version: '1', regime: 'calm_chop' }, 'b'), note(2));
    await registry.promote(`${SLOT}@calm_chop`, '1', note(3));
    const [own, ...others] = await registry.promotions();
    expect([own?.regime, others]).toEqual([RegimeState.CALM_CHOP, []]);
  });

  it('promotes nothing that is not there or was changed since', async () => {
    await expect(registry.promote(SLOT, '7', note(1))).rejects.toMatchObject({ code: 'model_unknown' });
    await expect(registry.rollback(SLOT, note(1))).rejects.toMatchObject({ code: 'model_unknown' });
    const files = await aModel({ version: '1' }, 'a');
    await store.keep(SLOT, '2', files);
    await expect(registry.promote(SLOT, '2', note(1))).rejects.toMatchObject({ code: 'model_refused' });
  });

  it('loses no change of ten writers at a time', async () => {
    const models = await Promise.all(
      Array.from({ length: 10 }, (_, i) => aModel({ version: `v${i}` }, `seed ${i}`)),
    );
    await Promise.all(models.map((files, i) => registry.add(files, note(i))));
    const { slots, history } = await registry.state();
    expect(slots[0]?.versions).toHaveLength(10);
    expect(history).toHaveLength(10);
  });
});

describe('a registry that cannot be read', () => {
  it('is an error, never an empty one', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-store-'));
    await writeFile(path.join(folder, 'registry.json'), '{"format":1,"slots":[],"history":[],"more":1}');
    await expect(folderStore(folder).registry()).rejects.toMatchObject({ code: 'model_registry_corrupt' });
    await rm(folder, { recursive: true });
  });
});

describe('a bundle', () => {
  it('carries a model in one file, the same bytes each time', async () => {
    const files = await aModel();
    const bytes = packBundle(files);
    expect(Buffer.from(packBundle(files)).equals(Buffer.from(bytes))).toBe(true);
    const back = unpackBundle(bytes, 'bundle');
    expect(back.manifest).toBe(files.manifest);
    expect(Buffer.from(back.onnx).equals(Buffer.from(files.onnx))).toBe(true);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('hello')],
    ['half of one', null],
  ])('of %s is refused', async (_name, given) => {
    const whole = packBundle(await aModel());
    expect(() => unpackBundle(given ?? whole.slice(0, whole.length / 2), 'it')).toThrow('model_refused');
  });
});
