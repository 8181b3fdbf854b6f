import {
  ReasonCode,
  canonicalBanditPart,
  canonicalFeaturesPart,
  canonicalForecastPart,
  canonicalPortfolioPart,
  canonicalRegimePart,
  canonicalRiskPart,
  canonicalSizingPart,
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

/** Asks models. Rejects when a model is slow beyond its bound, missing, or gives numbers that are not finite. */
export type Infer = (requests: readonly InferenceRequest[]) => Promise<readonly InferenceOutput[]>;

/** For lines whose stages ask no model: a question to it is a programmer's error. */
export const noModels: Infer = (requests) =>
  Promise.reject(new Error(`No model is loaded: ${requests.map((request) => request.model).join(', ')}`));

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
  /** Stages whose part is a fault. */
  readonly faults: readonly StageName[];
}

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

  /**
   * Runs one frame through every stage. With `recorded` (this unit's own earlier output for the frame), model outputs
   * and faults are taken from it instead of asking again.
   * Throws {@link StageDown} where a stage with `onFault: 'stop'` throws.
   */
  step(states: readonly unknown[], frame: Frame, recorded: Frame | null): UnitStep | Promise<UnitStep> {
    return this.stepFrom(0, { states, frame, faults: [] }, recorded);
  }

  private stepFrom(index: number, start: UnitStep, recorded: Frame | null): UnitStep | Promise<UnitStep> {
    let done = start;
    for (let i = index; i < this.stages.length; i++) {
      const stage = this.stages[i] as AnyStage;
      const recordedFault = recorded?.[stage.name]?.fault ?? null;
      if (recordedFault !== null) {
        done = this.faulted(i, done, recordedFault);
        continue;
      }
      let requests: readonly InferenceRequest[];
      try {
        requests = stage.prepare?.(done.states[i], done.frame) ?? [];
      } catch (cause) {
        done = this.fail(i, done, cause);
        continue;
      }
      if (requests.length === 0) {
        done = this.apply(i, done, []);
        continue;
      }
      const pending = done;
      const outputs =
        recorded === null ? this.infer(requests) : Promise.resolve(recordedOutputs(recorded, stage.name));
      return outputs.then(
        (value) => this.stepFrom(i + 1, this.apply(i, pending, value), recorded),
        (cause: unknown) => this.stepFrom(i + 1, this.fail(i, pending, cause), recorded),
      );
    }
    return done;
  }

  private apply(index: number, before: UnitStep, outputs: readonly InferenceOutput[]): UnitStep {
    const stage = this.stages[index] as AnyStage;
    let applied: Applied<unknown, StageName>;
    let part: StagePart<StageName>;
    try {
      applied = stage.apply(before.states[index], before.frame, outputs);
      // A part that cannot be written is an exception like any other: found here, it does not stop the frame.
      part = canonicalPart(stage.name, applied.part);
    } catch (cause) {
      return this.fail(index, before, cause);
    }
    const states = replaceAt(before.states, index, applied.state);
    const frame = withPart(before.frame, stage.name, part);
    const inferences: Inference[] = outputs.map((output) => ({ stage: stage.name, ...output }));
    return {
      states,
      frame: inferences.length === 0 ? frame : { ...frame, inferences: [...frame.inferences, ...inferences] },
      faults: before.faults,
    };
  }

  private fail(index: number, before: UnitStep, cause: unknown): UnitStep {
    const stage = this.stages[index] as AnyStage;
    if (stage.onFault === 'stop') throw new StageDown(stage.name, before.frame.seq, cause);
    const fault: Fault = {
      stage: stage.name,
      code: ReasonCode.STAGE_FAULT,
      detail: faultDetail(cause),
    };
    return this.faulted(index, before, fault);
  }

  private faulted(index: number, before: UnitStep, fault: Fault): UnitStep {
    const stage = this.stages[index] as AnyStage;
    return {
      states: before.states,
      frame: withPart(before.frame, stage.name, stage.faulted(fault)),
      faults: [...before.faults, stage.name],
    };
  }
}

type Canonical = { readonly [K in StageName]: (part: StagePart<K>) => StagePart<K> };

const CANONICAL: Canonical = {
  features: canonicalFeaturesPart,
  regime: canonicalRegimePart,
  forecast: canonicalForecastPart,
  portfolio: canonicalPortfolioPart,
  bandit: canonicalBanditPart,
  sizing: canonicalSizingPart,
  risk: canonicalRiskPart,
};

function canonicalPart<K extends StageName>(name: K, part: StagePart<K>): StagePart<K> {
  return CANONICAL[name](part);
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

function replaceAt(values: readonly unknown[], index: number, value: unknown): readonly unknown[] {
  const next = values.slice();
  next[index] = value;
  return next;
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
