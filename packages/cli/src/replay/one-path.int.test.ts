// Goal: a replay without a bus decides what the same line decides behind one: over the bus the host, the execution and the
// journal between them are those of a store on disk and of NATS. Method: the same inputs both ways, byte for byte.
import { describe, expect, it } from '@jest/globals';
import { Action, type Frame } from '@bellwether/contracts';
import { StageDown } from '@bellwether/host';
import type { AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { samplePlan, type DataPlan } from '../data/data-plan.js';
import { replayOverMemoryBus } from './bus-replay.js';
import type { FollowOptions, FollowResult } from './follow.js';
import { replayInMemory } from './memory-replay.js';

/** A session of the sample in which there are trades; the twenty before it warm up. */
const oneSession = (): Promise<DataPlan> =>
  samplePlan({ data: [], symbol: [], from: 20_250_410, to: 20_250_410, warmup: 20 });

interface Run {
  readonly result: FollowResult;
  readonly frames: readonly string[];
  readonly decisions: readonly Frame[];
}

type Replay = (onFrame: NonNullable<FollowOptions['onFrame']>) => Promise<FollowResult>;

async function recorded(replay: Replay): Promise<Run> {
  const frames: string[] = [];
  const decisions: Frame[] = [];
  const result = await replay((frame, bytes) => {
    frames.push(Buffer.from(bytes).toString('base64'));
    decisions.push(frame);
  });
  return { result, frames, decisions };
}

async function bothWays(
  stages: readonly AnyStage[],
): Promise<{ readonly direct: Run; readonly overBus: Run }> {
  const plan = await oneSession();
  const direct = await recorded((onFrame) => replayInMemory(plan, () => undefined, onFrame, stages));
  const overBus = await recorded((onFrame) => replayOverMemoryBus(plan, onFrame, stages));
  return { direct, overBus };
}

/** The line in which each of these stages fails on every n-th frame. */
function lineFailing(everyOf: Readonly<Record<string, number>>): readonly AnyStage[] {
  return LINE.map((stage) => ({
    ...stage,
    apply: (state, frame, outputs) => {
      if (frame.seq % (everyOf[stage.name] ?? Infinity) === 0) throw new Error('broken on purpose');
      return stage.apply(state, frame, outputs);
    },
  }));
}

describe('a replay without a bus', () => {
  it('decides as one over a bus does, and says the same of objects as of bytes', async () => {
    const { direct, overBus } = await bothWays(LINE);
    expect(direct.frames).toEqual(overBus.frames);
    expect(direct.decisions).toEqual(overBus.decisions);
    expect(direct.result).toEqual(overBus.result);
    expect(direct.decisions.some(({ risk }) => risk?.action === Action.BUY)).toBe(true);
    expect(direct.result.summary.trades.length).toBeGreaterThan(0);
  });

  it('has the same faults where stages fail now and then', async () => {
    const { direct, overBus } = await bothWays(
      lineFailing({ features: 7, regime: 11, bandit: 13, sizing: 17 }),
    );
    expect(direct.frames).toEqual(overBus.frames);
    expect(direct.result).toEqual(overBus.result);
    expect(direct.decisions.some(({ features }) => features?.fault?.detail === 'broken on purpose')).toBe(
      true,
    );
  });

  it('stops where a stage may not fail', async () => {
    const stages = lineFailing({ portfolio: 500 });
    const plan = await oneSession();
    await expect(replayInMemory(plan, () => undefined, undefined, stages)).rejects.toThrow(StageDown);
  });

  it('ends early on request, with what was decided until then', async () => {
    const stop = new AbortController();
    const plan = await oneSession();
    let frames = 0;
    const onFrame = (): void => {
      frames += 1;
      if (frames === 100) stop.abort();
    };
    const result = await replayInMemory(plan, () => undefined, onFrame, LINE, stop.signal);
    expect(result.finished).toBe(false);
    expect(result.summary.frames).toBe(frames);
    expect(frames).toBeLessThan(110);
  });
});
