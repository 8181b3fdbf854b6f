import { beforeAll, expect, it } from '@jest/globals';
import { ReasonCode, type Frame } from '@bellwether/contracts';
import type { AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { samplePlan } from '../data/data-plan.js';
import type { FollowResult } from './follow.js';
import { replayInMemory } from './memory-replay.js';

// Goal: every stage is wired into the main job. Method: silence one after the other; the outcome must change.

const run = async (stages: readonly AnyStage[]): Promise<FollowResult> =>
  replayInMemory(
    await samplePlan({ data: [], symbol: [], from: 20_250_410, to: 20_250_410, warmup: 20 }),
    () => undefined,
    undefined,
    stages,
  );

/** The stage with nothing to say: what stands in the frame where it has failed. */
function silenced(stage: AnyStage): AnyStage {
  const fault = { stage: stage.name, code: ReasonCode.STAGE_FAULT, detail: 'silenced by a test' };
  return { ...stage, apply: (state) => ({ state, part: stage.faulted(fault) }) };
}

let whole: FollowResult;

beforeAll(async () => {
  whole = await run(LINE);
});

it('the whole line trades', () => {
  expect(whole.summary.trades.length).toBeGreaterThan(0);
});

it.each(LINE.map((stage) => stage.name))('without %s the outcome is another', async (name) => {
  const without = await run(LINE.map((stage) => (stage.name === name ? silenced(stage) : stage)));
  expect(without.digest).not.toBe(whole.digest);
  // Under the rules policy a forecast is recorded and decides nothing (architecture.md section 10).
  if (name !== 'forecast') expect(without.summary.trades).not.toEqual(whole.summary.trades);
});

/** The frame of a release whose book does not manage its trades. */
function unmanaged(frame: Frame): Frame {
  const { entry } = frame;
  const config = entry?.release?.config ?? null;
  if (entry?.release == null || config === null) return frame;
  const release = { ...entry.release, config: { ...config, management: null } };
  return { ...frame, entry: { ...entry, release } };
}

it('without trade management the trades end otherwise', async () => {
  const without = await run(
    LINE.map((stage) =>
      stage.name === 'portfolio'
        ? { ...stage, apply: (state, frame, outputs) => stage.apply(state, unmanaged(frame), outputs) }
        : stage,
    ),
  );
  expect(without.digest).not.toBe(whole.digest);
  expect(without.summary.trades).not.toEqual(whole.summary.trades);
});
