import type { Frame } from '@bellwether/contracts';
import type { DataPlan } from '../data/data-plan.js';
import type { FollowResult } from './follow.js';
import { replayInMemory } from './memory-replay.js';

/** For tests: a replay in memory with all its decision frames. */
export async function recordedRun(
  plan: DataPlan,
): Promise<{ readonly result: FollowResult; readonly frames: readonly Frame[] }> {
  const frames: Frame[] = [];
  const result = await replayInMemory(
    plan,
    () => undefined,
    (frame) => {
      frames.push(frame);
    },
  );
  return { result, frames };
}
