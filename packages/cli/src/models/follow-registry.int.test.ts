/** Goal: a live book takes a promotion over once, an hour apart, and a rollback at once. Real registry, memory bus. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MemoryBus } from '@bellwether/bus';
import { PromotionCause, decodeEntry, subjects } from '@bellwether/contracts';
import { adoptDue, type AdoptionOptions, type ModelRegistry } from '@bellwether/models';
import { DRAWN_MODELS, drawModels } from './models-for-tests.js';

const NOTE = { at_us: 5, by: 'test', reason: 'better' };
const HOUR_US = 3_600_000_000;
const BOOK = 'live';
const PLACE = 'regime_classifier';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-adopt-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const draw = (version: string): Promise<ModelRegistry> =>
  drawModels({
    ...{ folder: path.join(folder, 'models'), keyFolder: path.join(folder, 'key') },
    ...{ schema_hash: 'a'.repeat(64), version, seed: version, models: DRAWN_MODELS.slice(0, 1) },
  });

async function promotionsIn(bus: MemoryBus) {
  const found = [];
  for await (const { data } of bus.read(subjects.inputKind(BOOK, 'model'), { from: 1, follow: false })) {
    const { model } = decodeEntry(data);
    found.push([model?.version, model?.cause]);
  }
  return found;
}

it('follows the registry: forward once an hour, back at once, and never twice', async () => {
  const bus = new MemoryBus();
  const warnings: string[] = [];
  const log: AdoptionOptions['log'] = {
    info: () => undefined,
    warn: (_, message) => warnings.push(message),
    error: () => undefined,
  };
  const registry = await draw('1');
  const at = (nowUs: number): Promise<number> =>
    adoptDue({
      bus,
      book: BOOK,
      registry,
      nowUs: () => nowUs,
      log,
      everyMs: 1,
      signal: new AbortController().signal,
    });

  expect(await at(10)).toBe(1);
  expect(await at(11)).toBe(0);
  await draw('2');
  expect(await at(12)).toBe(0);
  expect(await at(10 + HOUR_US)).toBe(1);
  await registry.rollback(PLACE, NOTE);
  expect(await at(11 + HOUR_US)).toBe(1);
  await registry.retire(PLACE, NOTE);
  expect(await at(12 + HOUR_US)).toBe(1);
  expect(await at(13 + HOUR_US)).toBe(0);
  expect(await promotionsIn(bus)).toEqual([
    ['1', PromotionCause.PROMOTED],
    ['2', PromotionCause.PROMOTED],
    ['1', PromotionCause.ROLLED_BACK],
    ['', PromotionCause.RETIRED],
  ]);
  expect(warnings).toEqual([]);
});
