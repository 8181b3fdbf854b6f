import {
  FrameEncoder,
  ReasonCode,
  type Fault,
  type Frame,
  type Inference,
  type StageName,
} from '@bellwether/contracts';
import {
  assert,
  withPart,
  type AnyStage,
  type Applied,
  type InferenceOutput,
  type InferenceRequest,
  type StagePart,
} from '@bellwether/kernel';

/**
 * Asks models. Rejects when a model is slow beyond its bound, missing, or gives numbers that are not finite. Answers that are there
 * already need no promise.
 */
export type Infer = (
  requests: readonly InferenceRequest[],
) => readonly InferenceOutput[] | Promise<readonly InferenceOutput[]>;

/** For lines whose stages ask no model: a question to it is a programmer's error. */
export const noModels: Infer = (requests) =>
  Promise.reject(new Error(`No model is loaded: ${requests.map((request) => request.model).join(', ')}`));

/** A stage asks a model that this process cannot have. The book stops: nobody may decide with another one. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable';
  readonly code = 'model_unavailable';
  constructor(model: string, cause: unknown) {
    super(`${model}: ${messageOf(cause)}`, { cause });
  }
}

/** A stage that may not fail has failed. The book stops: its later decisions would rest on a broken state. */
export class StageDown extends Error {
  override readonly name = 'StageDown';
  readonly code = 'stage_down';
  constructor(
    readonly stage: StageName,
    readonly seq: number,
    cause: unknown,
  ) {
    super(`Stage ${stage} failed at frame ${seq}: ${messageOf(cause)}`, { cause });
  }
}

export interface UnitStep {
  readonly states: readonly unknown[];
  readonly frame: Frame;
  /** Canonical bytes of the frame. */
  readonly bytes: Uint8Array;
  /** Stages whose part is a fault. */
  readonly faults: readonly StageName[];
}

/** A step that is under way. Nobody else has its list of states yet, so that list changes in place. */
interface Work {
  readonly encoder: FrameEncoder;
  readonly states: unknown[];
  readonly faults: StageName[];
  frame: Frame;
}

const NO_REQUESTS: readonly InferenceRequest[] = [];
const NO_OUTPUTS: readonly InferenceOutput[] = [];

/** Longest fault detail that goes into a frame, in characters. */
const FAULT_DETAIL_LENGTH_MAX = 200;

/**
 * Consecutive stages run as one: one stage in a distributed service, the whole line in one process
 * (docs/adr/0009). Plain calls where no model is asked; a promise only where one is.
 */
export class StageUnit {
  constructor(
    private readonly stages: readonly AnyStage[],
    private readonly infer: Infer,
  ) {
    assert(stages.length > 0, 'A unit needs at least one stage');
  }

  initialStates(): readonly unknown[] {
    return this.stages.map((stage) => stage.initialState());
  }

  get names(): readonly StageName[] {
    return this.stages.map((stage) => stage.name);
  }

  logicVersions(): readonly { readonly stage: StageName; readonly logicVersion: number }[] {
    return this.stages.map((stage) => ({ stage: stage.name, logicVersion: stage.logicVersion }));
  }

  /** True where these are the stages of this unit, in its order, with its logic: only then do states of theirs fit. */
  fits(stages: readonly { readonly stage: string; readonly logicVersion: number }[]): boolean {
    return (
      stages.length === this.stages.length &&
      this.stages.every(
        ({ name, logicVersion }, i) => stages[i]?.stage === name && stages[i]?.logicVersion === logicVersion,
      )
    );
  }

  /**
   * Runs one frame through every stage. With `recorded` (this unit's own earlier output for the frame), model outputs
   * and faults are taken from it instead of asking again.
   * Throws {@link StageDown} where a stage with `onFault: 'stop'` throws, or a release wants other logic.
   */
  step(states: readonly unknown[], frame: Frame, recorded: Frame | null): UnitStep | Promise<UnitStep> {
    this.checkLogicVersions(frame);
    const encoder = new FrameEncoder();
    const work: Work = { encoder, states: states.slice(), faults: [], frame: encoder.begin(frame) };
    return this.stepFrom(0, work, recorded);
  }

  private stepFrom(index: number, work: Work, recorded: Frame | null): UnitStep | Promise<UnitStep> {
    for (let i = index; i < this.stages.length; i++) {
      const stage = this.stages[i] as AnyStage;
      const recordedFault = recorded?.[stage.name]?.fault ?? null;
      if (recordedFault !== null) {
        this.fault(stage, work, recordedFault);
        continue;
      }
      let requests: readonly InferenceRequest[];
      try {
        requests = stage.prepare?.(work.states[i], work.frame) ?? NO_REQUESTS;
      } catch (cause) {
        this.fail(stage, work, cause);
        continue;
      }
      if (requests.length === 0) {
        this.apply(i, work, NO_OUTPUTS);
        continue;
      }
      const outputs = recorded === null ? this.infer(requests) : recordedOutputs(recorded, stage.name);
      if (!(outputs instanceof Promise)) {
        this.apply(i, work, outputs);
        continue;
      }
      return outputs.then(
        (value) => {
          this.apply(i, work, value);
          return this.stepFrom(i + 1, work, recorded);
        },
        (cause: unknown) => {
          if (cause instanceof ModelUnavailable) throw new StageDown(stage.name, work.frame.seq, cause);
          this.fail(stage, work, cause);
          return this.stepFrom(i + 1, work, recorded);
        },
      );
    }
    const { states, frame, faults } = work;
    return { states, frame, bytes: work.encoder.finish(frame), faults };
  }

  private apply(index: number, work: Work, outputs: readonly InferenceOutput[]): void {
    const stage = this.stages[index] as AnyStage;
    let applied: Applied<unknown, StageName>;
    let part: StagePart<StageName>;
    try {
      applied = stage.apply(work.states[index], work.frame, outputs);
      // A part that cannot be written is an exception like any other: found here, it does not stop the frame.
      part = work.encoder.add(stage.name, applied.part);
    } catch (cause) {
      this.fail(stage, work, cause);
      return;
    }
    work.states[index] = applied.state;
    const frame = withPart(work.frame, stage.name, part);
    if (outputs.length === 0) work.frame = frame;
    else work.frame = withInferences(frame, stage.name, outputs);
  }

  private fail(stage: AnyStage, work: Work, cause: unknown): void {
    if (stage.onFault === 'stop') throw new StageDown(stage.name, work.frame.seq, cause);
    const detail = faultDetail(cause);
    this.fault(stage, work, { stage: stage.name, code: ReasonCode.STAGE_FAULT, detail });
  }

  private fault(stage: AnyStage, work: Work, fault: Fault): void {
    const part = work.encoder.add(stage.name, stage.faulted(fault));
    work.frame = withPart(work.frame, stage.name, part);
    work.faults.push(stage.name);
  }

  /** A release names the logic version of every stage; a build with another one must not write this book. */
  private checkLogicVersions(frame: Frame): void {
    const release = frame.entry?.release ?? null;
    if (release === null) return;
    for (const { name, logicVersion } of this.stages) {
      const wanted = release.stages.find((item) => item.stage === name)?.logic_version;
      if (wanted === logicVersion) continue;
      const text = `The release wants logic version ${wanted ?? 'none'} of ${name}, this build has ${logicVersion}`;
      throw new StageDown(name, frame.seq, new Error(text));
    }
  }
}

function withInferences(frame: Frame, stage: StageName, outputs: readonly InferenceOutput[]): Frame {
  const inferences: Inference[] = outputs.map((output) => ({ stage, ...output }));
  return { ...frame, inferences: [...frame.inferences, ...inferences] };
}

/** At most so many characters, and never half of a surrogate pair: the fault itself must be writable. */
function faultDetail(cause: unknown): string {
  return messageOf(cause)
    .slice(0, FAULT_DETAIL_LENGTH_MAX)
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

function recordedOutputs(recorded: Frame, stage: StageName): readonly InferenceOutput[] {
  return recorded.inferences
    .filter((inference) => inference.stage === stage)
    .map(({ model, version, sha256, outputs }) => ({ model, version, sha256, outputs }));
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
