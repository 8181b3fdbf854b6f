/**
 * Goal: a challenger answers beside the champion and changes nothing; the gates let a better one through and no other; a
 * champion that leaves its band is taken back, and the journal says so. Method: twelve made-up sessions of five-minute bars
 * through the whole line, with drawn networks in a real registry, and once with a challenger that knows what comes.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as poll } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryBus } from '@bellwether/bus';
import {
  PromotionCause,
  ReasonCode,
  decodeEntry,
  decodeModelShadow,
  subjects,
  type Bar,
  type Frame,
  type ModelPromotion,
  type ModelShadow,
} from '@bellwether/contracts';
import type { HostLog, Infer } from '@bellwether/host';
import { present, uniformOf } from '@bellwether/kernel';
import { runShadow, scoresOf, type ModelRecord } from '@bellwether/model-review';
import { WATCH, adoptDue, slotNamed, type ModelRegistry } from '@bellwether/models';
import { generateSessions } from '@bellwether/testkit';
import { filePlan, type DataPlan } from '../data/data-plan.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { DRAWN_MODELS, drawModels, schemaOf } from './models-for-tests.js';
import { reviewPlaces } from './review-run.js';
import { shadowReplay, type ShadowReplay } from './shadow-replay.js';

const TIMEOUT_MS = 300_000;
const POLL_MS = 20;
const PLACE = 'rl_model';
const BOOK = 'shadow';
const HORIZON_US = 900_000_000;
const HOUR_US = 3_600_000_000;
const BARS = [
  ...generateSessions({ seed: 'shadow', symbol: 'ES', firstTradeDate: 20_250_303, sessions: 12, interval: '5m' }),
];
const LOG: HostLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
let folder = '';
let registry: ModelRegistry;
let alone: Run;

interface Run {
  readonly digest: string;
  readonly frames: readonly Frame[];
  readonly bytes: readonly Uint8Array[];
  readonly shadow: ShadowReplay | null;
}

const price = (bar: Bar, ticks: number): string => ((ticks * bar.tick_size_e4) / 10_000).toFixed(2);

const lineOf = (bar: Bar): string =>
  [
    new Date(bar.open_us / 1_000).toISOString(),
    ...[bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => price(bar, ticks)),
    bar.volume ?? 0,
  ].join(',');

async function planOf(): Promise<DataPlan> {
  return filePlan({
    ...{ data: [path.join(folder, 'es.csv')], symbol: ['ES'], warmup: 0 },
    ...{ book: path.join(folder, 'book.yaml'), models: path.join(folder, 'models') },
  });
}

/** `shadowInfer`: who answers for the challengers; is told the frame that is asked about. */
async function run(shadowInfer?: (frame: () => Frame) => Infer): Promise<Run> {
  const plan = await planOf();
  const frames: Frame[] = [];
  const bytes: Uint8Array[] = [];
  const newest = (): Frame => present(frames.at(-1) ?? null, 'a frame');
  const models = shadowInfer === undefined ? plan.models : { ...plan.models, shadowInfer: shadowInfer(newest) };
  const shadow = await shadowReplay(models);
  const { digest } = await replayInMemory(
    plan,
    () => undefined,
    (frame, encoded) => {
      frames.push(frame);
      bytes.push(encoded.slice());
      return shadow?.next(frame);
    },
  );
  return { digest, frames, bytes, shadow };
}

const closes = new Map(BARS.map((bar) => [bar.open_us, bar]));

/** Says 3 in 4 for what comes, and is wrong in 1 of 4: it knows much, and says how much. */
const oracle =
  (frame: () => Frame): Infer =>
  (requests) => {
    const bar = present(frame().entry?.bar ?? null, 'a bar that is asked about');
    const later = closes.get(bar.open_us + HORIZON_US);
    const comes = later !== undefined && later.close_ticks > bar.close_ticks;
    const right = uniformOf(`oracle ${bar.open_us}`) < 0.75;
    const p = comes === right ? 0.75 : 0.25;
    return Promise.resolve(requests.map(({ model, version, sha256 }) => ({ model, version, sha256, outputs: [p, 0] })));
  };

const note = (reason: string) => ({ at_us: nowUs(), by: 'test', reason });
let now_us = 1_800_000_000_000_000;
const nowUs = (): number => (now_us += HOUR_US);

/** Adds a drawn network, whose weights hang on the version, and makes it champion. */
const draw = (version: string, schema_hash: string): Promise<ModelRegistry> =>
  drawModels({
    ...{ folder: path.join(folder, 'models'), keyFolder: path.join(folder, 'key'), schema_hash, version },
    ...{ seed: version, models: DRAWN_MODELS.filter(({ name }) => name === PLACE), scale: 6 },
    facts: { trained_on: 'market' },
  });

const championNow = async (): Promise<string | null> =>
  slotNamed(await registry.state(), PLACE)?.champion ?? null;

const recordOf = ({ shadow }: Run): ModelRecord =>
  present(shadow?.state.records.find(({ decides }) => !decides) ?? null, 'the record of the challenger');

async function review(runOf: Run) {
  const state = present(runOf.shadow, 'a shadow').state;
  const [result] = await reviewPlaces({
    ...{ registry, places: [PLACE], sources: [{ title: 'twelve sessions', state }] },
    ...{ promote: true, by: 'test', nowUs },
  });
  return present(result ?? null, 'a result');
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-shadow-'));
  process.env['BW_MODEL_KEY_FOLDER'] = path.join(folder, 'key');
  await writeFile(path.join(folder, 'es.csv'), ['ts,open,high,low,close,volume', ...BARS.map(lineOf), ''].join('\n'));
  const book = { book: BOOK, symbols: [{ symbol: 'ES' }], policy: 'learned', known_time: 'event', bar_interval: '5m' };
  await writeFile(path.join(folder, 'book.yaml'), JSON.stringify({ ...book, models: { online: false } }));
  const schema = schemaOf((await firstFrames()).frames);
  await draw('worse', schema);
  await draw('known', schema);
  registry = await draw('old', schema);
  await registry.promote(PLACE, 'known', note('start'));
  alone = await run();
}, TIMEOUT_MS);

/** Enough of a run without models to learn what the features are called. */
async function firstFrames(): Promise<{ readonly frames: readonly Frame[] }> {
  const frames: Frame[] = [];
  const stop = new AbortController();
  await replayInMemory(
    await planOf(),
    () => undefined,
    (frame) => {
      if (frames.push(frame) > 60) stop.abort();
    },
    undefined,
    stop.signal,
  );
  return { frames };
}

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a challenger in shadow', () => {
  let worse: Run;

  beforeAll(async () => {
    await registry.challenge(PLACE, 'worse', note('a look'));
    worse = await run();
  }, TIMEOUT_MS);

  it('is not there without one', () => {
    expect(alone.shadow).toBeNull();
  });

  it('answers the same frames as the champion, and no byte of a decision changes', () => {
    expect(worse.digest).toBe(alone.digest);
    const record = recordOf(worse);
    const asked = alone.frames.filter(({ inferences, entry }) => entry?.bar !== null && inferences.length > 0);
    expect(record.answered).toBe(asked.length);
    expect(record.answered).toBeGreaterThan(2_000);
    expect(record.rows.length).toBeGreaterThan(1_000);
    expect(record.rows.every(({ said, decided }) => decided !== null && said[1] !== decided[1])).toBe(true);
  });

  it('that is no better is never promoted; without the gate it would decide, and worse', async () => {
    const result = await review(worse);
    expect([result.passed, result.promoted, await championNow()]).toEqual([false, false, 'known']);
    const failed = result.verdicts.flatMap(({ verdict }) => verdict.gates).filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ name }) => name)).toContain('log_loss_against_base_rate');
    const { said, base } = scoresOf(recordOf(worse));
    expect(present(said.logLoss, 'a loss')).toBeGreaterThan(present(base.logLoss, 'a loss'));
    await registry.promote(PLACE, 'worse', note('the verdict ignored'));
    const ignored = await run();
    expect(ignored.digest).not.toBe(alone.digest);
    await registry.promote(PLACE, 'known', note('as before'));
  }, TIMEOUT_MS);
});

describe('the way of a better challenger', () => {
  it('goes through the gates into the journal, with its numbers', async () => {
    const bus = new MemoryBus();
    const signal = new AbortController().signal;
    const adopt = () => adoptDue({ bus, book: BOOK, registry, nowUs, log: LOG, everyMs: 1, signal }, nowUs());
    await adopt();
    await registry.challenge(PLACE, 'old', note('a look'));
    const better = await run(oracle);
    expect(better.digest).toBe(alone.digest);
    const result = await review(better);
    expect(result.verdicts[0]?.verdict.gates.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect([result.promoted, await championNow()]).toEqual([true, 'old']);
    await adopt();
    const told = await journaled(bus);
    expect(told.map(({ cause, version }) => [cause, version])).toEqual([
      [PromotionCause.PROMOTED, 'known'],
      [PromotionCause.REVIEWED, 'old'],
      [PromotionCause.PROMOTED, 'old'],
    ]);
    expect(told[1]?.note).toMatch(/twelve sessions: passed: .*log loss against champion 0\.\d+ \[0\.\d+, .*refused 0 /);
    expect(told[2]?.note).toContain('review: twelve sessions: passed');
  }, TIMEOUT_MS);

  it('is published, frame by frame, and a champion that leaves its band is taken back', async () => {
    // Given a champion of random weights whose decisions are on the bus, and a challenger.
    await registry.promote(PLACE, 'known', note('again'));
    await registry.challenge(PLACE, 'worse', note('a look'));
    const bus = new MemoryBus();
    const signal = new AbortController().signal;
    const adopt = () => adoptDue({ bus, book: BOOK, registry, nowUs, log: LOG, everyMs: 1, signal }, nowUs());
    await adopt();
    let last = 0;
    for (const bytes of alone.bytes) {
      last = await bus.append(subjects.line('risk', BOOK), bytes, { expectedLastSequence: last });
    }
    const said: ModelShadow[] = [];
    await bus.subscribe(subjects.modelShadowOf(BOOK), ({ data }) => said.push(decodeModelShadow(data)));
    // When the shadow follows them.
    await follow(bus, async () => (await championNow()) !== 'known');
    // Then the one before decides again, by the watch, and the journal says why.
    const history = (await registry.state()).history.filter(({ by }) => by === WATCH);
    expect(history.map(({ action, version }) => [action, version])).toEqual([['rolled_back', 'old']]);
    expect(history[0]?.reason).toMatch(/^book shadow: calibration error 0\.\d+ over \d+ rows outside its band of 0\.\d+/);
    await adopt();
    const told = (await journaled(bus)).at(-1);
    expect([told?.cause, told?.version, told?.note]).toEqual([PromotionCause.ROLLED_BACK, 'old', history[0]?.reason]);
    expect(said.length).toBeGreaterThan(1_000);
    expect(said[0]).toMatchObject({ place: PLACE, version: 'worse', champion_version: 'known', reason: ReasonCode.OK });
    // And when that one leaves its band too, nobody decides: a place does not go to and fro.
    const { sha256 } = present(history[0] ?? null, 'a change');
    await registry.takeBack(PLACE, sha256, { at_us: nowUs(), reason: 'too' });
    expect(await championNow()).toBeNull();
  }, TIMEOUT_MS);
});

async function follow(bus: MemoryBus, done: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const { models } = await planOf();
  const following = runShadow({
    ...{ bus, book: BOOK, registry, infer: models.shadowInfer, nowUs, elapsedMs: () => 0, log: LOG },
    ...{ everyMs: 1, takesBack: true, signal: stop.signal },
  });
  try {
    while (!(await done())) await poll(POLL_MS);
  } finally {
    stop.abort();
    await following;
  }
}

async function journaled(bus: MemoryBus): Promise<readonly ModelPromotion[]> {
  const found: ModelPromotion[] = [];
  for await (const { data } of bus.read(subjects.inputKind(BOOK, 'model'), { from: 1, follow: false })) {
    found.push(present(decodeEntry(data).model, 'a promotion'));
  }
  return found;
}
