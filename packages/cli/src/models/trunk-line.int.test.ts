/**
 * Goal: under `neural_linear` the model strategy_selection chooses in the whole line, and learns from its journal. Method: the
 * sample with a drawn network in a real registry, in memory and over a bus; the same without its place filled.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReasonCode, type Frame } from '@bellwether/contracts';
import { FEATURE_COUNT } from '@bellwether/model-slots';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { replayOverMemoryBus } from '../replay/bus-replay.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { DRAWN_MODELS, drawModels, schemaOf, type DrawnModel } from './models-for-tests.js';

const TIMEOUT_MS = 300_000;
const [HIDDEN, VALUES] = [64, 12] as const;
const MODEL = 'strategy_selection';

/** The forecast of a learned book, and a trunk: two hidden layers of 64 and a value for each arm. */
const MODELS: readonly DrawnModel[] = [
  ...DRAWN_MODELS.filter(({ name }) => name === 'rl_model'),
  {
    name: MODEL,
    inputs: [
      { name: 'features', shape: [FEATURE_COUNT] },
      { name: 'mask', shape: [FEATURE_COUNT] },
    ],
    outputs: [
      { name: 'hidden', shape: [HIDDEN] },
      { name: 'values', shape: [VALUES] },
    ],
    description: {
      input: { kind: 'row', width: 2 * FEATURE_COUNT },
      layers: [{ kind: 'dense', in: 2 * FEATURE_COUNT, out: HIDDEN, activation: 'relu' }],
      heads: [{ name: 'values', out: VALUES, output: 'linear' }],
    },
  },
];

let folder = '';

async function planOf(models: string): Promise<DataPlan> {
  const book = path.join(folder, 'book.yaml');
  const settings = {
    ...{ book: 'trunk', symbols: [{ symbol: 'ES' }], policy: 'learned', known_time: 'event' },
    ...{ risk_per_trade_usd: 500, bandit: { selection: 'neural_linear', min_count: 0 } },
  };
  await writeFile(book, JSON.stringify(settings));
  return samplePlan({ data: [], symbol: [], from: 20_250_409, to: 20_250_410, warmup: 20, book, models });
}

async function run(models: string): Promise<{ readonly digest: string; readonly frames: readonly Frame[] }> {
  const frames: Frame[] = [];
  const { digest } = await replayInMemory(
    await planOf(models),
    () => undefined,
    (frame) => {
      frames.push(frame);
    },
  );
  return { digest, frames };
}

const chosenIn = (frames: readonly Frame[]) => frames.filter(({ bandit }) => (bandit?.chosen ?? null) !== null);
const scoresIn = (frames: readonly Frame[]) =>
  chosenIn(frames).map(({ bandit }) => bandit?.candidates.map(({ ucb }) => ucb));
const askedIn = ({ inferences }: Frame) => inferences.filter(({ model }) => model === MODEL).length;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-trunk-'));
  process.env['BW_MODEL_KEY_FOLDER'] = path.join(folder, 'key');
  const schema_hash = schemaOf((await run(path.join(folder, 'none'))).frames);
  const keyFolder = path.join(folder, 'key');
  const facts = { folder: path.join(folder, 'forecast'), keyFolder, schema_hash };
  await drawModels({ ...facts, models: MODELS.slice(0, 1) });
  await drawModels({ ...facts, folder: path.join(folder, 'both'), models: MODELS });
}, TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the trunk in the line', () => {
  it(
    'scores every choice and learns each closed trade at its entry; without it LinUCB does, and says so',
    async () => {
      const { digest, frames } = await run(path.join(folder, 'both'));
      const chosen = chosenIn(frames);
      expect(chosen.length).toBeGreaterThan(5);
      expect(chosen.every((frame) => askedIn(frame) === 1)).toBe(true);
      expect(chosen.every(({ bandit }) => bandit?.selection_reason === null)).toBe(true);
      const ends = frames.filter(({ portfolio }) => (portfolio?.closed.length ?? 0) > 0);
      expect(ends.length).toBeGreaterThan(0);
      expect(ends.every((frame) => askedIn(frame) >= 1)).toBe(true);

      expect(await replayOverMemoryBus(await planOf(path.join(folder, 'both')))).toMatchObject({ digest });

      const without = await run(path.join(folder, 'forecast'));
      expect(
        chosenIn(without.frames).every(({ bandit }) => bandit?.selection_reason === ReasonCode.NO_MODEL),
      ).toBe(true);
      expect(scoresIn(without.frames)).not.toEqual(scoresIn(frames));
      expect(without.digest).not.toBe(digest);
    },
    TIMEOUT_MS,
  );
});
