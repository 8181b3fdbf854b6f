/**
 * Goal: a challenger answers beside the champion and changes nothing; the gates let a better one through and no other; a
 * champion that leaves its band is taken back, and the journal says so. Method: eleven made-up sessions of five-minute bars
 * through the whole line, with drawn networks in a real registry, and once with a challenger that knows what comes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
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
  type ModelPromotion,
  type ModelShadow,
} from '@bellwether/contracts';
import type { HostLog } from '@bellwether/host';
import { present } from '@bellwether/kernel';
import {
  newShadowState,
  nextFrame,
  readShadow,
  runShadow,
  scoresOf,
  type ModelRecord,
  type ShadowSnapshot,
} from '@bellwether/model-review';
import { WATCH, adoptDue, slotNamed, type ModelRegistry } from '@bellwether/models';
import { filePlan, type DataOptions } from '../data/data-plan.js';
import { fiveMinuteBook, type FiveMinuteBook } from './five-minute-book-for-tests.js';
import { DRAWN_MODELS, drawModels, schemaOf } from './models-for-tests.js';
import { reviewPlaces } from './review-run.js';
import type { ShadowReplay } from './shadow-replay.js';
import { oracle, shadowRun, shadowed, type ShadowRun } from './shadow-run-for-tests.js';

const TIMEOUT_MS = 300_000;
const POLL_MS = 20;
/** Frames of a run that shows enough. */
const SOME = 200;
const PLACE = 'rl_model';
const BOOK = 'shadow';
const HOUR_US = 3_600_000_000;
const LOG: HostLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
let folder = '';
let book: FiveMinuteBook;
let registry: ModelRegistry;
let alone: ShadowRun;

const options = (): DataOptions => ({ ...book.options, models: path.join(folder, 'models') });

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

const recordOf = ({ shadow }: ShadowRun): ModelRecord =>
  present(shadow?.state.records.find(({ decides }) => !decides) ?? null, 'the record of the challenger');

async function review({ state }: ShadowReplay) {
  const [result] = await reviewPlaces({
    ...{ registry, places: [PLACE], sources: [{ title: 'eleven sessions', state }] },
    ...{ promote: true, by: 'test', nowUs },
  });
  return present(result ?? null, 'a result');
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-shadow-'));
  process.env['BW_MODEL_KEY_FOLDER'] = path.join(folder, 'key');
  book = await fiveMinuteBook(folder, 11, { book: BOOK, policy: 'learned', models: { online: false } });
  const schema = schemaOf((await shadowRun(options(), SOME)).frames);
  await draw('worse', schema);
  await draw('known', schema);
  registry = await draw('old', schema);
  await registry.promote(PLACE, 'known', note('start'));
  alone = await shadowRun(options());
}, TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a challenger in shadow', () => {
  let worse: ShadowRun;

  beforeAll(async () => {
    await registry.challenge(PLACE, 'worse', note('a look'));
    worse = await shadowRun(options());
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
    const result = await review(present(worse.shadow, 'a shadow'));
    expect([result.passed, result.promoted, await championNow()]).toEqual([false, false, 'known']);
    const failed = result.verdicts.flatMap(({ verdict }) => verdict.gates).filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ name }) => name)).toContain('log_loss_against_base_rate');
    const { said, base } = scoresOf(recordOf(worse));
    expect(present(said.logLoss, 'a loss')).toBeGreaterThan(present(base.logLoss, 'a loss'));
    await registry.promote(PLACE, 'worse', note('the verdict ignored'));
    const ignored = await shadowRun(options(), SOME);
 expect(ignored.bytes[SOME - 1]).not.toEqual(alone.bytes[SOME - 1]);
    await registry.promote(PLACE, 'known', note('as before'));
  }, TIMEOUT_MS);
});

describe('what is kept of a shadow', () => {
  const half = 400;

  it('goes on after a restart as if there had been none', async () => {
    // Given the same decisions on two buses, one of which has the second half after a restart.
    await registry.challenge(PLACE, 'worse', note('a look'));
    const [whole, halves] = [new MemoryBus(), new MemoryBus()];
    await decide(whole, alone.bytes.slice(0, 2 * half));
    await until(whole, 2 * half);
    await decide(halves, alone.bytes.slice(0, half));
    await until(halves, half);
    await decide(halves, alone.bytes.slice(half, 2 * half));
    await until(halves, 2 * half);
    // Then both have kept the same.
    const kept = await Promise.all([whole, halves].map((bus) => readShadow(bus, BOOK, LOG)));
    const [first, second] = kept.map((one) => present(one, 'what was kept'));
    expect(first?.shadow.records.map(({ rows }) => rows.length)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(withoutTime(second)).toEqual(withoutTime(first));
  }, TIMEOUT_MS);

  it('counts what fails and what is refused, and no row comes of it', async () => {
    const failing = await shadowed(options(), alone.frames.slice(0, half), () => () => Promise.reject(new Error('no answer')));
    const record = failing.state.records.find(({ decides }) => !decides);
    expect(record).toMatchObject({ answered: 0, rows: [], refused: [] });
    expect(record?.failed).toBeGreaterThan(100);
    const old = { ...failing.challengers[0]!, trained_until_us: 0 };
    const state = newShadowState();
    for (const frame of alone.frames.slice(0, half)) await nextFrame(state, frame, [old], never);
    const refused = state.records.find(({ decides }) => !decides);
    expect(refused).toMatchObject({ answered: 0, failed: 0, rows: [] });
    expect(refused?.refused).toEqual([{ reason: ReasonCode.MODEL_STALE, count: record?.failed }]);
  });
});

const never = () => Promise.reject(new Error('A model that is refused is not asked'));

const withoutTime = (kept: ShadowSnapshot | undefined) =>
  kept?.shadow.records.map((record) => ({ ...record, latencies: [] }));

/** Puts decisions on a bus, behind those that are there. */
async function decide(bus: MemoryBus, frames: readonly Uint8Array[]): Promise<void> {
  const subject = subjects.line('risk', BOOK);
  let last = (await bus.last(subject))?.sequence ?? 0;
  for (const bytes of frames) last = await bus.append(subject, bytes, { expectedLastSequence: last });
}

/** Runs the shadow until it has seen so many decisions. */
async function until(bus: MemoryBus, decisions: number): Promise<void> {
  const seen = { seq: 0 };
  const unsubscribe = await bus.subscribe(subjects.modelOf(BOOK), ({ data }) => {
    seen.seq = decodeModelShadow(data).seq;
  });
  const asked = alone.frames.slice(0, decisions).filter(({ inferences, entry }) => entry?.bar !== null && inferences.length > 0);
  const last = present(asked.at(-1) ?? null, 'a frame that is asked about').seq;
  await follow(bus, () => Promise.resolve(seen.seq >= last), false);
  unsubscribe();
}

describe('the way of a better challenger', () => {
  it('goes through the gates into the journal, with its numbers', async () => {
    const bus = new MemoryBus();
    const signal = new AbortController().signal;
    const adopt = () => adoptDue({ bus, book: BOOK, registry, nowUs, log: LOG, everyMs: 1, signal }, nowUs());
    await adopt();
    await registry.challenge(PLACE, 'old', note('a look'));
    const result = await review(await shadowed(options(), alone.frames, (frame) => oracle(book.bars, frame)));
    expect(result.verdicts[0]?.verdict.gates.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect([result.promoted, await championNow()]).toEqual([true, 'old']);
    await adopt();
    const told = await journaled(bus);
    expect(told.map(({ cause, version }) => [cause, version])).toEqual([
      [PromotionCause.PROMOTED, 'known'],
      [PromotionCause.REVIEWED, 'old'],
      [PromotionCause.PROMOTED, 'old'],
    ]);
    expect(told[1]?.note).toMatch(/passed: .*log loss against champion [0-9.]+ \[[0-9.]+, .*refused 0 /);
    expect(told[2]?.note).toContain('review: eleven sessions: passed');
  }, TIMEOUT_MS);

  it('is published, frame by frame, and a champion that leaves its band is taken back', async () => {
    // Given a champion of random weights whose decisions are on the bus, and a challenger.
    await registry.promote(PLACE, 'known', note('again'));
    await registry.challenge(PLACE, 'worse', note('a look'));
    const bus = new MemoryBus();
    const signal = new AbortController().signal;
    const adopt = () => adoptDue({ bus, book: BOOK, registry, nowUs, log: LOG, everyMs: 1, signal }, nowUs());
    await adopt();
    await decide(bus, alone.bytes);
    const said: ModelShadow[] = [];
    await bus.subscribe(subjects.modelOf(BOOK), ({ data }) => said.push(decodeModelShadow(data)));
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
    await registry.takeBack(PLACE, 'old', { at_us: nowUs(), reason: 'too' });
    expect(await championNow()).toBeNull();
  }, TIMEOUT_MS);
});

async function follow(bus: MemoryBus, done: () => Promise<boolean>, takesBack = true): Promise<void> {
  const stop = new AbortController();
  const { models } = await filePlan(options());
  const following = runShadow({
    ...{ bus, book: BOOK, registry, infer: models.shadowInfer, nowUs, elapsedMs: () => 0, log: LOG },
    ...{ everyMs: 1e10, takesBack, signal: stop.signal },
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
