import type { Frame } from '@bellwether/contracts';
import { Challengers, askWith, newShadowState, nextFrame, type ShadowState } from '@bellwether/model-review';
import type { ModelInUse } from '@bellwether/model-slots';
import type { PlanModels } from '../data/plan-models.js';

/** Challengers beside a run over the past: they see each finished frame and nothing sees them. */
export interface ShadowReplay {
  readonly challengers: readonly ModelInUse[];
  readonly state: ShadowState;
  next(frame: Frame): Promise<void>;
}

/** Null where nobody challenges: then nothing is added to the run. */
export async function shadowReplay({ registry, shadowInfer }: PlanModels): Promise<ShadowReplay | null> {
  if (registry === null) return null;
  const list = new Challengers(registry, (place, cause) => {
    process.stderr.write(`Challenger of ${place} is refused: ${cause.message}\n`);
  });
  const challengers = await list.now();
  if (challengers.length === 0) return null;
  const state = newShadowState();
  const ask = askWith(shadowInfer, () => performance.now());
  return {
    challengers,
    state,
    next: async (frame) => {
      await nextFrame(state, frame, challengers, ask);
    },
  };
}
