import type { Frame } from '@bellwether/contracts';
import { DecisionDigest, StageUnit, noModels, type Infer } from '@bellwether/host';
import { FIRST_FRAME_HEAD, frameHead, openFrame, present } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';

/** For tests: the digest of a run's entries, taken through the line again. Null: answers of models come from its frames. */
export async function recomputedDigest(frames: readonly Frame[], infer: Infer | null): Promise<string> {
  const unit = new StageUnit(LINE, infer ?? noModels);
  let head = FIRST_FRAME_HEAD;
  let states = unit.initialStates();
  const digest = new DecisionDigest();
  for (const frame of frames) {
    const opened = openFrame(head, present(frame.entry, 'an entry'));
    const step = await unit.step(states, opened, infer === null ? frame : null);
    head = frameHead(step.frame);
    states = step.states;
    digest.add(step.bytes);
  }
  return digest.hex();
}
