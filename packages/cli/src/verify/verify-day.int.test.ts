// Goal: a recorded day computes to the same bytes, and a build in which one number of one stage is another one is found, with entry,
// stage and field. Method: a session of the sample under a learned policy, written as a desk writes it; the line with one number changed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryBus } from '@bellwether/bus';
import { BellwetherError, type StageName } from '@bellwether/contracts';
import { DecisionDigest, type Infer } from '@bellwether/host';
import { present, type AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { replayInMemory } from '../replay/memory-replay.js';
import { lineWith, writeBook, type RecordedFrame } from './recorded-book-for-tests.js';
import { renderDay } from './verdict-text.js';
import { verifyDay, type DayVerdict } from './verify-day.js';

const DAY = 20_250_410;
/** Warm-up and the first hours of the session: the models speak in them. */
const FRAMES = 150;

const bus = new MemoryBus();
let plan: DataPlan;
const frames: RecordedFrame[] = [];

beforeAll(async () => {
  plan = await samplePlan({ data: [], symbol: [], from: DAY, to: DAY, warmup: 60, policy: 'learned' });
  const stop = new AbortController();
  await replayInMemory(
    plan,
    () => undefined,
    (frame, bytes) => {
      if (frames.length < FRAMES) frames.push({ frame, bytes: bytes.slice() });
      else stop.abort();
    },
    LINE,
    stop.signal,
  );
  await writeBook(bus, plan, frames);
});

afterAll(() => bus.close());

function verify(
  stages: readonly AnyStage[] = LINE,
  infer: Infer | null = null,
  day: number | null = DAY,
): Promise<DayVerdict> {
  return verifyDay({ bus, book: plan.book, day, stages, infer, signal: new AbortController().signal });
}

const seqOfFirst = (changes: (one: RecordedFrame) => boolean): number =>
  present(frames.find(changes), 'a frame in which it shows').frame.seq;

describe('verifyDay', () => {
  it('finds zero differences, with the answers as recorded and with the models asked again', async () => {
    const digest = new DecisionDigest();
    for (const { bytes } of frames) digest.add(bytes);
    const whole = await verify(LINE, null, null);
    expect(whole).toMatchObject({ divergence: null, entries: FRAMES, digest: digest.hex(), synthetic: true });
    const again = await verify(LINE, plan.models.infer);
    expect(again.divergence).toBeNull();
    expect(again.entries + again.before).toBe(FRAMES);
    expect(again.answers).toBeGreaterThan(50);
    expect(renderDay(again, 'asked again', 10)).toContain('trade date 2025-04-10: zero differences');
  });

  it.each<[StageName, string, readonly AnyStage[], (one: RecordedFrame) => boolean]>([
    [
      'features',
      '.last_close_ticks',
      lineWith('features', (part) => ({
        ...part,
        last_close_ticks: part.last_close_ticks === null ? null : part.last_close_ticks + 1,
      })),
      ({ frame }) => (frame.features?.last_close_ticks ?? null) !== null,
    ],
    [
      'regime',
      '.state_since_us',
      lineWith('regime', (part) => ({
        ...part,
        state_since_us: part.state_since_us === null ? null : part.state_since_us + 1,
      })),
      ({ frame }) => (frame.regime?.state_since_us ?? null) !== null,
    ],
    [
      'portfolio',
      '.heat',
      lineWith('portfolio', (part) => ({ ...part, heat: part.heat === null ? null : part.heat + 0.01 })),
      ({ frame }) => (frame.portfolio?.heat ?? null) !== null,
    ],
    [
      'risk',
      '.decision_id',
      lineWith('risk', (part) => ({ ...part, decision_id: `${part.decision_id}0` })),
      () => true,
    ],
  ])('names %s and %s where that number is another one', async (stage, field, line, shows) => {
    const verdict = await verify(line);
    const seq = seqOfFirst(shows);
    expect(verdict.divergence?.difference).toMatchObject({ seq, stage, field });
    expect(verdict.divergence?.entry.id).toBe(frames[seq - 1]?.frame.entry?.id);
    expect(renderDay(verdict, 'as recorded', 10)).toContain('DIVERGED');
  });

  it('names the stage whose model answers otherwise', async () => {
    const infer: Infer = async (requests) =>
      (await plan.models.infer(requests)).map((one) => ({
        ...one,
        outputs: one.outputs.map((value) => value + 1e-6),
      }));
    const { divergence } = await verify(LINE, infer);
    const first = frames.find(({ frame }) => frame.inferences.length > 0)?.frame;
    expect(divergence?.difference).toMatchObject({
      ...{ seq: first?.seq, stage: first?.inferences[0]?.stage, field: '.inferences[0].outputs[0]' },
    });
  });

  it('names the stage of another logic version at the release', async () => {
    const line = LINE.map((stage) => (stage.name === 'regime' ? { ...stage, logicVersion: 999 } : stage));
    expect((await verify(line)).divergence?.difference).toMatchObject({
      ...{ stage: 'regime', field: '.logic_version', computed: '999' },
    });
  });

  it('refuses a day and a book that are not there', async () => {
    await expect(verify(LINE, null, 20_200_102)).rejects.toThrow(BellwetherError);
    const none = verifyDay({
      bus,
      book: 'other',
      day: null,
      stages: LINE,
      infer: null,
      signal: new AbortController().signal,
    });
    await expect(none).rejects.toMatchObject({ code: 'data_empty' });
  });
});
