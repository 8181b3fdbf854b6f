import { encodeFrame, type Entry, type Frame, type StageName } from '@bellwether/contracts';
import {
  FIRST_FRAME_HEAD,
  frameHead,
  openFrame,
  withPart,
  type Applied,
  type InferenceOutput,
  type Stage,
  type StagePart,
} from '@bellwether/kernel';
import { deepFreeze, firstDifference, firstMismatch, firstUnplain, restored } from './plain-data.js';

/** A partial copy: fields that are not listed are not compared, lists have as many items as given here. */
export type Listed<T> = T extends readonly (infer E)[]
  ? readonly Listed<E>[]
  : T extends object
    ? { readonly [K in keyof T]?: Listed<T[K]> }
    : T;

/** Why a specification does not hold. */
export class SpecificationError extends Error {
  override readonly name = 'SpecificationError';
}

export interface GivenStep<S, K extends StageName> {
  /**
   * Folds these inputs into the state. An entry becomes a frame in which no other stage has spoken; a frame is
   * taken as it is.
   */
  given(inputs: readonly (Frame | Entry)[]): WhenStep<S, K>;
}

export interface WhenStep<S, K extends StageName> {
  /** Applies the stage to one more input, with what its models say. */
  when(input: Frame | Entry, outputs?: readonly InferenceOutput[]): ThenStep<S, K>;
}

export interface ThenStep<S, K extends StageName> extends Applied<S, K> {
  /** Compares the listed fields of the part. Throws {@link SpecificationError} at the first that differs. */
  then(expected: Listed<StagePart<K>>): ThenStep<S, K>;
}

/**
 * A stage in given, when, then: `specify(stage).given([release, bar]).when(bar).then({ gate_open: true })`.
 *
 * Whatever the specification says, every `when` also shows that the stage changed neither state nor frame, gives the
 * same answer when asked again and from a restored snapshot, keeps its state plain, and gives a part that has
 * canonical bytes.
 */
export function specify<S, K extends StageName>(stage: Stage<S, K>): GivenStep<S, K> {
  return {
    given: (inputs) => {
      let state = deepFreeze(stage.initialState());
      let head = FIRST_FRAME_HEAD;
      const framed = (input: Frame | Entry): Frame => {
        const frame = deepFreeze('contract_version' in input ? input : openFrame(head, input));
        head = frameHead(frame);
        return frame;
      };
      for (const input of inputs) state = deepFreeze(stage.apply(state, framed(input), []).state);
      return { when: (input, outputs = []) => then(checkedApply(stage, state, framed(input), outputs)) };
    },
  };
}

function then<S, K extends StageName>(applied: Applied<S, K>): ThenStep<S, K> {
  const step: ThenStep<S, K> = {
    ...applied,
    then: (expected) => {
      refuse(firstMismatch(expected, applied.part));
      return step;
    },
  };
  return step;
}

function checkedApply<S, K extends StageName>(
  stage: Stage<S, K>,
  state: S,
  frame: Frame,
  outputs: readonly InferenceOutput[],
): Applied<S, K> {
  const stateBefore = restored(state);
  const frameBefore = restored(frame);
  const applied = stage.apply(state, frame, outputs);
  refuse(firstDifference(stateBefore, state, 'given state'));
  refuse(firstDifference(frameBefore, frame, 'given frame'));
  refuse(firstUnplain(applied.state));
  for (const again of [stage.apply(state, frame, outputs), stage.apply(stateBefore, frame, outputs)]) {
    refuse(firstDifference(applied.part, again.part, 'part when asked again'));
    refuse(firstDifference(applied.state, again.state, 'state when asked again'));
  }
  encodeFrame(withPart(frame, stage.name, applied.part));
  return applied;
}

function refuse(difference: string | null): void {
  if (difference !== null) throw new SpecificationError(difference);
}
