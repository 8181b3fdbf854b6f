/**
 * Goal: under a learned policy models decide, and every one of them counts. Method: the sample through the whole line with
 * drawn networks in a real registry: their answers stand in the frames, a run without one of them decides otherwise, both
 * ways of running decide the same, the recorded answers and the models give the same bytes again, and what must not be asked is not asked.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runBacktest, type AnswerRows, type BacktestResult, type FrameReceiver } from '@bellwether/backtest';
import { ReasonCode, RegimeMethod, type Frame } from '@bellwether/contracts';
import type { Infer } from '@bellwether/host';
import { present } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { replayOverMemoryBus } from '../replay/bus-replay.js';
import { drawModels, schemaOf } from './models-for-tests.js';
import { recomputedDigest } from './recompute-for-tests.js';

const TIMEOUT_MS = 300_000;
let folder = '';
const keyFolder = (): string => path.join(folder, 'key');

interface Run {
  readonly digest: string;
  readonly frames: readonly Frame[];
}

type Changes = { readonly policy?: 'rules' | 'learned' } & Readonly<Record<string, unknown>>;

async function planOf(models: string, changes: Changes = {}): Promise<DataPlan> {
  const { policy = 'learned', ...switches } = changes;
  const book = path.join(folder, `book-${policy}-${Object.keys(switches).join('-')}.yaml`);
  const settings = {
    book: 'learned',
    symbols: [{ symbol: 'ES' }],
    policy,
    known_time: 'event',
    risk_per_trade_usd: 500,
    models: switches,
  };
  await writeFile(book, JSON.stringify(settings));
  return samplePlan({ data: [], symbol: [], from: 20_250_410, to: 20_250_410, warmup: 20, book, models });
}

/** As `bw replay` runs it: the market's stages are asked ahead. */
async function run(plan: DataPlan): Promise<Run> {
  const frames: Frame[] = [];
  const { digest } = await backtested(plan, plan.models.infer, plan.models.answerRows, (frame) => {
    frames.push(frame);
  });
  return { digest, frames };
}

let schema_hash = '';
let without: Run;
let all: Run;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-learned-'));
  process.env['BW_MODEL_KEY_FOLDER'] = keyFolder();
  without = await run(await planOf(path.join(folder, 'none')));
  schema_hash = schemaOf(without.frames);
  await drawModels({ folder: path.join(folder, 'all'), keyFolder: keyFolder(), schema_hash });
  all = await run(await planOf(path.join(folder, 'all')));
}, TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the learned line', () => {
  it('takes the models in by entries, and their answers stand in the frames', () => {
    const { frames } = all;
    const promotions = frames.filter(({ entry }) => entry?.model !== null);
    expect(promotions.map(({ inferences }) => inferences.map(({ model }) => model))).toEqual([
      ['confidence_prediction'],
      ['regime_classifier'],
      ['rl_model'],
    ]);
    const bars = frames.filter(({ regime }) => regime?.method === RegimeMethod.MODEL);
    expect(bars.length).toBeGreaterThan(500);
    expect(bars.every(({ regime }) => Math.abs(sum(regime?.probabilities ?? []) - 1) < 1e-6)).toBe(true);
    const forecasts = frames.filter(({ forecast }) => (forecast?.p_cloud ?? null) !== null);
    expect(forecasts.length).toBeGreaterThan(500);
    const both = forecasts.filter(({ forecast }) => forecast?.reason === ReasonCode.OK);
    expect(both.length).toBeGreaterThan(300);
    for (const { forecast } of both) {
      const { p_final, p_cloud, p_online } = present(forecast, 'a forecast');
      const [network, online] = [present(p_cloud, 'a network'), present(p_online, 'an online half')];
      expect(p_final).toBeCloseTo(0.7 * network + 0.3 * online, 12);
    }
    const candidates = frames.flatMap(({ bandit }) => bandit?.candidates ?? []);
    expect(candidates.length).toBeGreaterThan(0);
    expect(
      candidates.every(({ confidence }) => confidence !== null && confidence > 0 && confidence < 1),
    ).toBe(true);
  });

  it('decides the same over a bus', async () => {
    const { digest } = await replayOverMemoryBus(await planOf(path.join(folder, 'all')));
    expect(digest).toBe(all.digest);
  }, 120_000);

  it('decides the same asked one by one, and asks nobody during a run whose market was asked ahead', async () => {
    const plan = await planOf(path.join(folder, 'all'));
    const { infer, answerRows } = plan.models;
    const one = await backtested(plan, infer, null);
    expect(one.digest).toBe(all.digest);
    const asked = new Set<string>();
    const noticed: Infer = (requests) => {
      for (const { model } of requests) asked.add(model);
      return infer(requests);
    };
    const ahead = await backtested(plan, noticed, answerRows);
    expect(ahead.digest).toBe(all.digest);
    // What hangs on a decision cannot be asked ahead.
    expect([...asked]).toEqual(['confidence_prediction']);
    // Answers that nobody gives ahead are asked for in their turn.
    const silent = await backtested(plan, infer, () => Promise.reject(new Error('no answer')));
    expect(silent.digest).toBe(all.digest);
  }, 120_000);

  it('replays from the answers in its frames without a model, and recomputes with them, to the same bytes', async () => {
    const { infer } = (await planOf(path.join(folder, 'all'))).models;
    expect(await recomputedDigest(all.frames, null)).toBe(all.digest);
    expect(await recomputedDigest(all.frames, infer)).toBe(all.digest);
  }, 120_000);

  it.each(['regime', 'forecast', 'online', 'confidence'])(
    'without %s decides otherwise',
    async (part) => {
      const { digest, frames } = await run(await planOf(path.join(folder, 'all'), { [part]: false }));
      expect(decisions(frames)).not.toEqual(decisions(all.frames));
      expect(digest).not.toBe(all.digest);
    },
    120_000,
  );

  it('under rules asks nobody', async () => {
    const { frames } = await run(await planOf(path.join(folder, 'all'), { policy: 'rules' }));
    expect(frames.every(({ inferences, entry }) => inferences.length === 0 && entry?.model === null)).toBe(
      true,
    );
  }, 120_000);

  it('has rules and a closed gate where there is no model', async () => {
    const { frames } = without;
    const decided = frames.filter(({ entry }) => entry?.bar !== null);
    expect(decided.every(({ regime }) => regime?.method === RegimeMethod.RULE)).toBe(true);
    expect(decided.some(({ regime }) => regime?.model_reason === ReasonCode.NO_MODEL)).toBe(true);
  }, 120_000);
});

function backtested(
  plan: DataPlan,
  infer: Infer,
  answerRows: AnswerRows | null,
  onFrame: FrameReceiver = () => undefined,
): Promise<BacktestResult> {
  return runBacktest({
    ...{ book: plan.book, stages: LINE, infer, inputs: plan.batches(), answerRows, onFrame },
    signal: new AbortController().signal,
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What was decided, without the parts that say how. */
function decisions(frames: readonly Frame[]): readonly unknown[] {
  return frames.map(({ bandit, risk }) => [
    bandit?.candidates.map(({ setup, confidence }) => [setup?.strategy, confidence]),
    bandit?.reason,
    risk?.action,
    risk?.size,
  ]);
}
