// Goal: every model that a desk may have goes through export, registry and reload alike, with all of its outputs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModelHost, ModelRegistry, folderStore, reloadUnderLoad, trustedKeys } from '@bellwether/models';
import { DRAWN_REGISTRY, drawModels } from './models-for-tests.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-six-'));
  for (const version of ['1', '2']) {
    await drawModels({
      ...{ folder: path.join(folder, 'models'), keyFolder: path.join(folder, 'key'), models: DRAWN_REGISTRY },
      ...{ schema_hash: 'a'.repeat(64), version, seed: version },
    });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the models of a desk', () => {
  it('are seven, each champion in its place with the one before it kept', async () => {
    const registry = new ModelRegistry(folderStore(path.join(folder, 'models')), {
      keys: await trustedKeys(path.join(folder, 'key')),
      unsigned: false,
    });
    const { slots } = await registry.state();
    expect(slots.map(({ name, champion, previous }) => [name, champion, previous])).toEqual([
      ['confidence_prediction', '2', '1'],
      ['regime_classifier', '2', '1'],
      ['rl/cvar_ppo_agent', '2', '1'],
      ['rl/sac_agent', '2', '1'],
      ['rl/test_cvar_ppo', '2', '1'],
      ['rl_model', '2', '1'],
      ['strategy_selection', '2', '1'],
    ]);
    expect((await registry.promotions()).map(({ model, outputs }) => [model, outputs])).toEqual([
      ['confidence_prediction', 1],
      ['regime_classifier', 4],
      ['rl/cvar_ppo_agent', 1],
      ['rl/sac_agent', 1],
      ['rl/test_cvar_ppo', 1],
      ['rl_model', 2],
      ['strategy_selection', 76],
    ]);
  });

  it.each(DRAWN_REGISTRY.map(({ name }) => name))('%s is reloaded under load', async (slot) => {
    const store = folderStore(path.join(folder, 'models'));
    const trust = { keys: await trustedKeys(path.join(folder, 'key')), unsigned: false };
    const { slots } = await store.registry();
    const versions = slots.find(({ name }) => name === slot)?.versions ?? [];
    const { failed, wrong, answered } = await reloadUnderLoad({
      ...{ store, trust, slot, versions, reloads: 10, openMax: 1 },
    });
    expect({ failed, wrong }).toEqual({ failed: 0, wrong: 0 });
    expect(answered).toBeGreaterThan(0);
  });

  it('strategy_selection gives its 64-wide layer first, then a value for each arm', async () => {
    const store = folderStore(path.join(folder, 'models'));
    const host = new ModelHost({
      store,
      trust: { keys: await trustedKeys(path.join(folder, 'key')), unsigned: false },
    });
    const { slots } = await store.registry();
    const [version] = slots.find(({ name }) => name === 'strategy_selection')?.versions ?? [];
    const asked = { model: 'strategy_selection', version: '1', sha256: version?.sha256 ?? '' };
    const [answer] = await host.answerRows(asked, [new Float32Array(86).fill(0.5)]);
    await host.close();
    expect(answer).toHaveLength(76);
    // The layer is squashed by tanh, the values are not.
    expect(answer?.slice(0, 64).every((value) => Math.abs(value) <= 1)).toBe(true);
  });
});
