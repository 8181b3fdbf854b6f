// Goal: the models that come with Bellwether load by their own key alone, and say what they are.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ModelRegistry, folderStore, trustedKeys } from '@bellwether/models';
import { WORLD_AGENTS } from '@bellwether/agent-training';
import {
  CONFIDENCE_COUNT,
  FEATURE_COUNT,
  SEQUENCE_BARS,
  SEQUENCE_WIDTH,
  SIZING_COUNT,
} from '@bellwether/model-slots';
import { TRAINED_MODELS } from '@bellwether/training';
import { WORKSPACE } from '../workspace.js';

const FOLDER = path.join(WORKSPACE, 'models');
const BYTES_MAX = 300_000;
const WIDTHS = {
  regime_classifier: { inputs: 2 * FEATURE_COUNT, outputs: 4 },
  rl_model: { inputs: 2 * SEQUENCE_BARS * SEQUENCE_WIDTH, outputs: 2 },
  confidence_prediction: { inputs: 2 * CONFIDENCE_COUNT, outputs: 1 },
  strategy_selection: { inputs: 2 * FEATURE_COUNT, outputs: 64 + 12 },
  'rl/cvar_ppo_agent': { inputs: 2 * SIZING_COUNT, outputs: 1 },
  'rl/test_cvar_ppo': { inputs: 2 * SIZING_COUNT, outputs: 1 },
};
const SHIPPED = [...TRAINED_MODELS, ...WORLD_AGENTS];

describe('the shipped models', () => {
  let registry: ModelRegistry;
  beforeAll(async () => {
    const keys = await trustedKeys(path.join(WORKSPACE, 'config/model-keys'));
    registry = new ModelRegistry(folderStore(FOLDER), { keys, unsigned: false });
  });

  it('are champions that hold their hash, signature and golden rows', async () => {
    const promotions = await registry.promotions();
    expect(promotions.map(({ model }) => model)).toEqual([...SHIPPED].sort());
    for (const { model, inputs, outputs, trained_on_synthetic } of promotions) {
      expect({ inputs, outputs }).toEqual(WIDTHS[model as keyof typeof WIDTHS]);
      expect(trained_on_synthetic).toBe(true);
    }
  });

  it.each(SHIPPED)('are small, and their card says what they were trained on: %s', async (model) => {
    const [version] = await readdir(path.join(FOLDER, model));
    const files = await registry.store.files(model, version ?? '');
    expect(files?.card.split('\n')[0]).toMatch(/^Trained on synthetic data/);
    expect(files?.card).toMatch(
      /\*\*(no better than the (base rate|mean of each arm)|not shown better than multiplier 1)/,
    );
    for (const name of await readdir(path.join(FOLDER, model, version ?? ''))) {
      expect((await stat(path.join(FOLDER, model, version ?? '', name))).size).toBeLessThan(BYTES_MAX);
    }
  });

  it('have sizing agents that took their places by hand, with the reason, as their cards say', async () => {
    const { history } = await registry.state();
    for (const agent of WORLD_AGENTS) {
      const [version] = await readdir(path.join(FOLDER, agent));
      const files = await registry.store.files(agent, version ?? '');
      expect(files?.card.split('\n')[1]).toMatch(/not shown better than multiplier 1 .* by hand alone/);
      const promoted = history.filter(({ slot, action }) => slot === agent && action === 'promoted');
      expect(promoted.map(({ reason }) => reason)).toEqual([expect.stringContaining('By hand')]);
    }
  });

  it('are refused where their key is not trusted', async () => {
    const stranger = new ModelRegistry(folderStore(FOLDER), { keys: [], unsigned: true });
    await expect(stranger.promotions()).rejects.toThrow(/not loaded/);
  });
});
