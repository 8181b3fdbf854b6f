// Goal: bw train and bw dataset build as a user runs them: the same bytes twice, nothing trained again, a registry that loads.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { openBus } from '@bellwether/bus';
import { present } from '@bellwether/kernel';
import {
  ModelRegistry,
  blobModelStore,
  folderStore,
  modelFiles,
  sha256Of,
  slotNamed,
  type Golden,
  type Manifest,
  type RegistryState,
} from '@bellwether/models';
import { loadOrCreateKey, readPublicKey } from '@bellwether/signing';
import { describeWithNats, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { Run } from '../e2e/bw-run.js';
import { modelKeyFolder } from '../folders.js';
import { WORKSPACE } from '../workspace.js';

const TIMEOUT_MS = 300_000;
/** Eight sessions of the sample: enough for one fold. */
const DAYS = ['--from', '2025-04-02', '--warmup', '1'];

describe('bw train and bw dataset build', () => {
  let folder: string;
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  const before = process.env['BW_MODEL_KEY_FOLDER'];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw train '));
    process.env['BW_MODEL_KEY_FOLDER'] = at('key');
  });
  afterAll(async () => {
    if (before === undefined) delete process.env['BW_MODEL_KEY_FOLDER'];
    else process.env['BW_MODEL_KEY_FOLDER'] = before;
    await rm(folder, { recursive: true });
  });

  async function trained(out: string): Promise<{ readonly said: string; readonly sha256: string }> {
    const run = new Run(['train', 'rl_model', ...DAYS, '--out', at(out)]);
    expect([await run.ended, run.out]).toEqual([0, expect.stringContaining('no better than the base rate')]);
    const versions = await readdir(at(out, 'rl_model'));
    expect(versions).toHaveLength(1);
    return {
      said: run.out,
      sha256: sha256Of(await readFile(at(out, 'rl_model', versions[0]!, 'model.onnx'))),
    };
  }

  it(
    'train to the same bytes in two empty folders, make the first one champion, and do not train it again',
    async () => {
      const [one, two] = [await trained('one'), await trained('two')];
      expect(two.sha256).toBe(one.sha256);
      expect(one.said).toContain(one.sha256.slice(0, 16));
      expect(one.said).toContain('SYNTHETIC DATA');
      const slot = slotNamed(await folderStore(at('one')).registry(), 'rl_model');
      expect(slot?.champion).toBe(slot?.versions[0]?.version);
      const again = new Run(['train', 'rl_model', ...DAYS, '--out', at('one')]);
      expect(await again.ended).toBe(0);
      expect(again.out).toContain('rl_model: trained before on the same data');
    },
    TIMEOUT_MS,
  );

  it(
    'write rows for other tools',
    async () => {
      const run = new Run(['dataset', 'build', 'rl_model', ...DAYS, '--out', at('rows')]);
      expect(await run.ended).toBe(0);
      expect((await readdir(at('rows'))).sort()).toEqual(['dataset.json', 'rows.parquet']);
      const described: unknown = JSON.parse(await readFile(at('rows', 'dataset.json'), 'utf8'));
      expect(described).toMatchObject({ model: 'rl_model', labels: ['label_up', 'label_move'] });
      expect(run.out).toContain((described as { sha256: string }).sha256);
    },
    TIMEOUT_MS,
  );

  it(
    'end with exit code 2 for a model without a trainer, and where the sessions are too few',
    async () => {
      const unknown = new Run(['train', 'nobody']);
      expect(await unknown.ended).toBe(2);
      expect(unknown.out).toMatch(/no trainer for nobody/);
      const short = new Run([
        'train',
        'rl_model',
        '--from',
        '2025-04-09',
        '--warmup',
        '1',
        '--out',
        at('none'),
      ]);
      expect(await short.ended).toBe(2);
      expect(short.out).toMatch(/3 sessions with labels/);
    },
    TIMEOUT_MS,
  );
});

describeWithNats('bw calibrate with the registry of NATS', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server.stop());

  /** The shipped forecast, as if it had been trained on all but the last four sessions of the sample. */
  async function anOlderModel(): Promise<void> {
    const shipped = folderStore(path.join(WORKSPACE, 'models'));
    const version = slotNamed(await shipped.registry(), 'rl_model')?.champion ?? '';
    const files = present(await shipped.files('rl_model', version), 'the shipped model');
    const manifest = JSON.parse(files.manifest) as Manifest;
    const {
      format: _f,
      sha256: _s,
      bytes: _b,
      golden_sha256: _g,
      card_sha256: _c,
      signature: _k,
      ...facts
    } = manifest;
    const key = await loadOrCreateKey(modelKeyFolder(), 'model-key');
    const older = {
      ...facts,
      version: 'older',
      trained_until_us: Date.parse('2025-04-07T21:00:00Z') * 1_000,
    };
    const golden = JSON.parse(files.golden) as Golden;
    const bus = await openBus({ kind: 'nats', name: 'test', servers: [server.url] });
    const store = blobModelStore(bus, (ms) => delay(ms));
    const registry = new ModelRegistry(store, { keys: [readPublicKey(key.publicPem)], unsigned: false });
    const note = { at_us: 1, by: 'test', reason: '' };
    await registry.add(modelFiles(older, { onnx: files.onnx, golden, card: files.card }, key), note);
    await registry.promote('rl_model', 'older', note);
    await bus.close();
  }

  async function said(...words: readonly string[]): Promise<string> {
    const run = new Run([...words]);
    expect([await run.ended, run.out]).toEqual([0, run.out]);
    return run.out;
  }

  it(
    'judges a champion on the sessions behind its training, and ends with its connection closed',
    async () => {
      await anOlderModel();
      const looked = ['--from', '2025-04-08', '--warmup', '1', '--models', server.url, '--promote'];
      const table = await said('calibrate', 'rl_model', ...looked);
      expect(table).toMatch(/rl_model +older +4 \(\d+ rows\)/);
      const state = JSON.parse(
        await said('models', 'list', '--models', server.url, '--json'),
      ) as RegistryState;
      const slot = slotNamed(state, 'rl_model');
      // Better or not, the champion is the same graph.
      expect(new Set(slot?.versions.map(({ sha256 }) => sha256)).size).toBe(1);
      expect(slot?.champion).toMatch(/^older/);
      expect(table.includes('(champion)')).toBe(slot?.champion !== 'older');
    },
    TIMEOUT_MS,
  );
});
