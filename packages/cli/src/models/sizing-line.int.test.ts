/**
 * Goal: promoted sizing agents make sizes in the whole line, and nothing of them is left when they go. Method: the sample with drawn
 * networks in a real registry: with the agents, with a book that keeps its sizes, and without them; replays of what was decided.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runBacktest } from '@bellwether/backtest';
import { ReasonCode, type Frame } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { DRAWN_AGENTS, DRAWN_MODELS, drawModels, schemaOf } from './models-for-tests.js';
import { recomputedDigest } from './recompute-for-tests.js';

const TIMEOUT_MS = 300_000;
const [CVAR, ONLINE, BACKUP] = ['rl/cvar_ppo_agent', 'rl/sac_agent', 'rl/test_cvar_ppo'] as const;
/** The step of the risk stage. */
const STEP = 2;

let folder = '';
const registryOf = (name: string): string => path.join(folder, name);

async function planOf(models: string, sizing = true): Promise<DataPlan> {
  const book = path.join(folder, `book-${sizing}.yaml`);
  const settings = {
    ...{ book: 'sized', symbols: [{ symbol: 'ES' }], policy: 'learned', known_time: 'event' },
    ...{ risk_per_trade_usd: 900, models: { sizing } },
  };
  await writeFile(book, JSON.stringify(settings));
  return samplePlan({ data: [], symbol: [], from: 20_250_409, to: 20_250_410, warmup: 20, book, models });
}

interface Run {
  readonly digest: string;
  readonly frames: readonly Frame[];
}

async function run(plan: DataPlan): Promise<Run> {
  const frames: Frame[] = [];
  const { digest } = await runBacktest({
    ...{ book: plan.book, stages: LINE, infer: plan.models.infer, answerRows: plan.models.answerRows },
    inputs: plan.batches(),
    signal: new AbortController().signal,
    onFrame: (frame) => {
      frames.push(frame);
    },
  });
  return { digest, frames };
}

const sizedIn = ({ frames }: Run) => frames.flatMap(({ sizing }) => (sizing?.base_contracts == null ? [] : [sizing]));
const sizesIn = ({ frames }: Run) => frames.flatMap(({ risk }) => (risk?.intents.length === 0 ? [] : [risk?.size]));

let with_: Run;
let without: Run;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-sized-'));
  process.env['BW_MODEL_KEY_FOLDER'] = registryOf('key');
  const schema_hash = schemaOf((await run(await planOf(registryOf('none')))).frames);
  const facts = { keyFolder: registryOf('key'), schema_hash };
  await drawModels({ ...facts, folder: registryOf('line') });
  await drawModels({ ...facts, folder: registryOf('agents'), models: [...DRAWN_MODELS, ...DRAWN_AGENTS] });
  await drawModels({ ...facts, folder: registryOf('backup'), models: [...DRAWN_MODELS, ...DRAWN_AGENTS.slice(2)] });
  with_ = await run(await planOf(registryOf('agents')));
  without = await run(await planOf(registryOf('line')));
}, TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the sizing agents in the line', () => {
  it('answer for every size, blended, with all they saw in the frame; the step limit comes after them', () => {
    const sized = sizedIn(with_);
    expect(sized.length).toBeGreaterThan(5);
    for (const part of sized) {
      const [first, second] = [part.cvar_agent?.multiplier, part.online_agent?.multiplier];
      expect(part.multiplier).toBeCloseTo(0.7 * present(first ?? null, 'a half') + 0.3 * present(second ?? null, 'the other'), 12);
      expect(part.multiplier_reason).toBe(ReasonCode.OK);
      expect(Object.values(present(part.observation, 'an observation'))).not.toContain(null);
    }
    const asked = with_.frames.flatMap(({ inferences }) => inferences.map(({ model }) => model));
    expect(asked.filter((model) => model === CVAR)).toHaveLength(sized.length + 1);
    expect(asked.filter((model) => model === ONLINE)).toHaveLength(sized.length + 1);
    // At its promotion, and never again.
    expect(asked.filter((model) => model === BACKUP)).toHaveLength(1);
    expect(with_.frames.some(({ sizing }) => (sizing?.proposed_contracts ?? 0) > STEP)).toBe(true);
    expect(with_.frames.every(({ risk }) => (risk?.size ?? 0) <= STEP)).toBe(true);
  });

  it('change sizes; a book that keeps its own decides as it did without them', async () => {
    expect(sizesIn(with_)).not.toEqual(sizesIn(without));
    expect(sizedIn(without).every(({ multiplier, observation }) => multiplier === null && observation === null)).toBe(
      true,
    );
    const kept = await run(await planOf(registryOf('agents'), false));
    expect(sizesIn(kept)).toEqual(sizesIn(without));
    expect(sizedIn(kept)).toEqual(sizedIn(without));
  }, TIMEOUT_MS);

  it('are stood in for by the backup, alone and with a reason', async () => {
    const sized = sizedIn(await run(await planOf(registryOf('backup'))));
    expect(sized.length).toBeGreaterThan(5);
    for (const { cvar_agent, multiplier_reason, online_agent } of sized) {
      expect(cvar_agent).toMatchObject({ model: BACKUP, reason: ReasonCode.BACKUP_AGENT, passed_over: ReasonCode.NO_MODEL });
      expect(online_agent?.reason).toBe(ReasonCode.NO_MODEL);
      expect(multiplier_reason).toBe(ReasonCode.CVAR_AGENT_ONLY);
    }
  }, TIMEOUT_MS);

  it('give the same bytes from their answers in the frames, and asked again', async () => {
    const { infer } = (await planOf(registryOf('agents'))).models;
    expect(await recomputedDigest(with_.frames, null)).toBe(with_.digest);
    expect(await recomputedDigest(with_.frames, infer)).toBe(with_.digest);
  }, TIMEOUT_MS);
});
