/**
 * Goal: the picture of the sizing in `bw learn report` is of the agent that is served. Method: an exported network with drawn weights in a
 * real registry, asked for single situations beside the picture; a place without a champion, and one of another shape.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { present } from '@bellwether/kernel';
import { sizingInputs } from '@bellwether/model-slots';
import { ModelHost, ModelRegistry, folderStore, type Trust } from '@bellwether/models';
import { loadOrCreateKey, readPublicKey } from '@bellwether/signing';
import { DRAWN_AGENTS, DRAWN_MODELS, drawModels, type DrawnModel } from '../models/models-for-tests.js';
import type { SizingPicture } from './report-model.js';
import { SIZING_SLOT, sizingPicture } from './sizing-picture.js';

const AT_REST = { day_r: 0, drawdown_r: 0, session_left: 0.5 } as const;

describe('the picture of the sizing', () => {
  let folder = '';
  let trust: Trust;
  const at = (name: string): string => path.join(folder, name);
  const drawn = (name: string, models: readonly DrawnModel[]): Promise<ModelRegistry> =>
    drawModels({ folder: at(name), keyFolder: at('key'), schema_hash: 'a'.repeat(64), models });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-picture-'));
    const key = await loadOrCreateKey(at('key'), 'model-key');
    trust = { keys: [readPublicKey(key.publicPem)], unsigned: false };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has at each point what the champion answers there', async () => {
    const registry = await drawn('agents', DRAWN_AGENTS);
    const picture = (await sizingPicture(registry, trust)) as SizingPicture;
    const { version, confidences, headrooms_r, grids } = picture;
    expect(version).toBe('1');
    expect(grids.map(({ regime }) => regime)).toEqual(['calm', 'volatile']);
    const { sha256 } = await registry.verified(SIZING_SLOT, version);
    const host = new ModelHost({ store: registry.store, trust });
    try {
      for (const [volatile, { multipliers }] of grids.entries()) {
        for (const [row, win_probability] of confidences.entries()) {
          for (const [column, headroom_r] of headrooms_r.entries()) {
            const inputs = sizingInputs({ ...AT_REST, win_probability, volatile, headroom_r });
            const [answer] = await host.infer([{ model: SIZING_SLOT, version, sha256, inputs }]);
            expect(multipliers[row]?.[column]).toBe(present(answer, 'an answer').outputs[0]);
          }
        }
      }
    } finally {
      await host.close();
    }
    // Each of the three makes a difference.
    const [calm, volatile] = [grids[0]!.multipliers, grids[1]!.multipliers];
    expect(calm).not.toEqual(volatile);
    expect(new Set(calm.map((row) => row[0])).size).toBeGreaterThan(1);
    expect(new Set(calm[0]).size).toBeGreaterThan(1);
  });

  it('is none where no agent is champion, or one that is shown something else', async () => {
    const empty = new ModelRegistry(folderStore(at('none')), trust);
    expect(await sizingPicture(empty, trust)).toContain(
      'no model is champion in the place rl/cvar_ppo_agent',
    );
    const [other] = DRAWN_MODELS;
    const wide = await drawn('wide', [{ ...present(other ?? null, 'a model'), name: SIZING_SLOT }]);
    expect(await sizingPicture(wide, trust)).toMatch(
      /takes 86 numbers; a picture can be drawn .*win_probability/,
    );
  });
});
