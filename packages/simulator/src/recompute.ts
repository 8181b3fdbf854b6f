import { STAGES, encodeFrame, equalBytes } from '@bellwether/contracts';
import { StageUnit, firstDifference, noModels } from '@bellwether/host';
import { FIRST_FRAME_HEAD, frameHead, openFrame, type FrameHead } from '@bellwether/kernel';
import { ASKING_LINE } from './model-stage.js';
import type { Observer } from './observer.js';
import { Violation } from './violation.js';

/** Where a pass stands. States are plain data that no stage changes, so it can be kept and gone on from. */
interface Pass {
  readonly head: FrameHead;
  readonly states: readonly unknown[];
  readonly risk: readonly Uint8Array[];
}

/** Passes over the entries that many runs begin with, by a name of those. */
const kept = new Map<string, Pass>();

/**
 * The run without faults: one pass over the journal that came out, model answers taken from the decisions. Every byte
 * that any stage stored must be what it gives. Gives the states at its end. Throws {@link Violation}.
 */
export async function recompute(
  observer: Observer,
  prefix: number,
  prefixName: string,
): Promise<readonly unknown[]> {
  const unit = new StageUnit(ASKING_LINE, noModels);
  let head = FIRST_FRAME_HEAD;
  let states = unit.initialStates();
  let from = 0;
  const known = kept.get(prefixName);
  if (known?.risk.every((bytes, i) => same(bytes, observer.decisions[i]?.bytes)) === true) {
    ({ head, states } = known);
    from = prefix;
  }
  for (const [i, { entry }] of observer.journal.entries()) {
    if (i < from) continue;
    const stored = observer.decisions[i];
    if (stored === undefined) throw new Violation('decided', `entry ${i + 1}, ${entry.id}, has no decision`);
    const step = await unit.step(states, openFrame(head, entry), stored.frame);
    if (!equalBytes(encodeFrame(step.frame), stored.bytes)) {
      const found = firstDifference(stored.frame, step.frame);
      const where = `${found?.stage ?? ''}${found?.field ?? ''}`;
      const values = `stored ${found?.stored ?? ''}, computed ${found?.computed ?? ''}`;
      throw new Violation('recomputed', `frame ${i + 1} (${entry.id}) ${where}: ${values}`);
    }
    head = frameHead(step.frame);
    states = step.states;
    if (i + 1 === prefix && !kept.has(prefixName)) {
      kept.set(prefixName, {
        head,
        states,
        risk: observer.decisions.slice(0, prefix).map(({ bytes }) => bytes),
      });
    }
  }
  if (observer.decisions.length !== observer.journal.length) {
    throw new Violation(
      'decided',
      `${observer.decisions.length} decisions on ${observer.journal.length} entries`,
    );
  }
  checkStages(observer);
  return states;
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && equalBytes(a, b);
}

/**
 * What the stages before the last one stored. Parts stand in the frame in the order of the line and the inferences at
 * its end in that order too, so a stage's frame is the beginning of the decision's parts, and the beginning of its inferences.
 */
function checkStages(observer: Observer): void {
  for (const stage of STAGES) {
    const frames = observer.frames(stage);
    if (stage === 'risk' || frames.length === 0) continue;
    if (frames.length !== observer.decisions.length) {
      throw new Violation('decided', `${stage} has ${frames.length} frames of ${observer.decisions.length}`);
    }
    const before = new Set<string>(STAGES.slice(0, STAGES.indexOf(stage) + 1));
    for (const [i, bytes] of frames.entries()) {
      const decision = observer.decisions[i];
      if (decision === undefined) continue;
      const { frame, bytes: whole } = decision;
      const own = inferenceLength({
        ...frame,
        inferences: frame.inferences.filter((one) => before.has(one.stage)),
      });
      const parts = bytes.length - own;
      const inferences = whole.length - inferenceLength(frame);
      const begins = equalBytes(bytes.subarray(0, parts), whole.subarray(0, parts));
      const ends = equalBytes(bytes.subarray(parts), whole.subarray(inferences, inferences + own));
      if (!begins || !ends) {
        throw new Violation('recomputed', `${stage} stored another frame ${i + 1} than the decision holds`);
      }
    }
  }
}

function inferenceLength(frame: Parameters<typeof encodeFrame>[0]): number {
  if (frame.inferences.length === 0) return 0;
  return encodeFrame(frame).length - encodeFrame({ ...frame, inferences: [] }).length;
}
