import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  Action,
  EntryKind,
  Policy,
  ReasonCode,
  decodeFrame,
  encodeFrame,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { makeEntry, modeEntryId } from '@bellwether/kernel';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { replayInMemory } from './memory-replay.js';

// Goal: a slow book decides by rules and enters half. Method: the same bars through the real line, with and without a
// `mode` entry, under both policies.

const DATE = 20_250_410;

interface Changes {
  readonly policy: Policy;
  /** Bars behind which the book becomes slow (true) or no longer is. */
  readonly modes: readonly (readonly [afterBar: number, degraded: boolean])[];
}

/** Just after the bar. */
function modeEntry({ book, known_us, source, origin }: Entry, n: number, degraded: boolean): Entry {
  const mode = { degraded, p99_us: 150_000, decisions: 25, bound_us: 120_000, from_us: 1, to_us: 2 };
  const at = { event_us: known_us + 1, known_us: known_us + 1 };
  const id = modeEntryId(1_000_000 + n);
  return makeEntry({ book, id, kind: EntryKind.MODE, ...at, source, origin }, { mode });
}

/** Without the half that learns online: it would give a forecast once it has learned enough. */
function withPolicy(entry: Entry, policy: Policy): Entry {
  const { release } = entry;
  const config = release?.config ?? null;
  const own = config?.models ?? null;
  if (release === null || config === null || own === null) return entry;
  const models = { ...own, online: false };
  return { ...entry, release: { ...release, config: { ...config, policy, models } } };
}

async function* changed(plan: DataPlan, { policy, modes }: Changes): AsyncGenerator<readonly Entry[]> {
  let bars = 0;
  for await (const batch of plan.batches()) {
    const out: Entry[] = [];
    for (const entry of batch) {
      // A desk without models: only then is there no forecast.
      if (entry.model !== null) continue;
      out.push(withPolicy(entry, policy));
      if (entry.bar !== null) bars += 1;
      else continue;
      modes.forEach(([after, degraded], n) => {
        if (after === bars) out.push(modeEntry(entry, n, degraded));
      });
    }
    yield out;
  }
}

async function run(changes: Changes): Promise<readonly Frame[]> {
  const plan = await samplePlan({ data: [], symbol: [], from: DATE, to: DATE, warmup: 20 });
  const frames: Frame[] = [];
  await replayInMemory(
    { ...plan, batches: () => changed(plan, changes) },
    () => undefined,
    (frame) => {
      frames.push(decodeFrame(encodeFrame(frame)));
    },
  );
  return frames;
}

const entries = (frames: readonly Frame[]): readonly Frame[] =>
  frames.filter(({ risk }) => risk?.action === Action.BUY || risk?.action === Action.SELL);

const proposed = (frames: readonly Frame[]): readonly Frame[] =>
  frames.filter(({ sizing }) => (sizing?.base_contracts ?? 0) > 0);

const noModel = (frames: readonly Frame[]): number =>
  frames.filter(({ bandit }) => bandit?.reason === ReasonCode.NO_MODEL).length;

describe('A book whose decisions take too long', () => {
  let usual: readonly Frame[];
  let slow: readonly Frame[];

  beforeAll(async () => {
    usual = await run({ policy: Policy.RULES, modes: [] });
    slow = await run({ policy: Policy.RULES, modes: [[1, true]] });
  });

  it('proposes half of what it would, rounded down, and enters no more than that', () => {
    const [first] = proposed(usual);
    const same = slow.find(({ entry }) => entry?.id === first?.entry?.id);
    const whole = first?.sizing?.proposed_contracts ?? 0;
    expect(whole).toBeGreaterThanOrEqual(2);
    expect(first?.sizing?.degraded).toBe(false);
    expect(same?.sizing).toMatchObject({ degraded: true, proposed_contracts: Math.floor(whole / 2) });
    expect(same?.risk?.degraded).toBe(true);
    expect(same?.risk?.size).toBeLessThanOrEqual(Math.floor(whole / 2));
    expect(same?.bandit?.chosen).toEqual(first?.bandit?.chosen);
  });

  it('holds to half in every decision of the day', () => {
    const sized = proposed(slow);
    expect(sized.length).toBeGreaterThan(0);
    for (const { sizing, risk } of sized) {
      expect(sizing?.degraded).toBe(true);
      expect(risk?.size ?? 0).toBeLessThanOrEqual(sizing?.proposed_contracts ?? 0);
    }
  });

  it('decides by rules where it is told to act on forecasts and has none', async () => {
    const learned = await run({ policy: Policy.LEARNED, modes: [] });
    expect(entries(learned)).toEqual([]);
    expect(noModel(learned)).toBeGreaterThan(0);
    expect(learned.at(-1)?.risk?.policy).toBe(Policy.LEARNED);
    const ruled = await run({ policy: Policy.LEARNED, modes: [[1, true]] });
    expect(noModel(ruled)).toBe(0);
    expect(ruled.at(-1)?.risk?.policy).toBe(Policy.RULES);
    const told = (frames: readonly Frame[]): readonly unknown[] =>
      proposed(frames).map(({ entry, bandit, sizing, risk }) => [
        ...[entry?.id, bandit?.chosen, sizing?.proposed_contracts, risk?.action, risk?.size],
      ]);
    expect(told(ruled)).toEqual(told(slow));
  });

  it('waits for forecasts again once it is no longer slow', async () => {
    const half = 700;
    const both = await run({
      policy: Policy.LEARNED,
      modes: [
        [1, true],
        [half, false],
      ],
    });
    const at = both.findIndex(({ entry }) => entry?.mode?.degraded === false);
    expect(at).toBeGreaterThan(half);
    expect(noModel(both.slice(0, at))).toBe(0);
    expect(noModel(both.slice(at))).toBeGreaterThan(0);
    expect(both.at(-1)?.risk).toMatchObject({ degraded: false, policy: Policy.LEARNED });
    expect(both.at(-1)?.sizing?.degraded).toBe(false);
  });
});
