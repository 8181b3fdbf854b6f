import type { Fault, Frame, StageName } from '@bellwether/contracts';

/**
 * A question to a model, asked before `apply`. `inputs` is row-major; shapes belong to the model's manifest. Which version is
 * asked is part of the stage's state, so that a promotion takes effect at its entry and nowhere else.
 */
export interface InferenceRequest {
  readonly model: string;
  readonly version: string;
  readonly sha256: string;
  readonly inputs: Float32Array;
}

/** What the model said, as it goes into the frame; replay takes it from there. */
export interface InferenceOutput {
  readonly model: string;
  readonly version: string;
  readonly sha256: string;
  readonly outputs: readonly number[];
}

export type StagePart<K extends StageName> = NonNullable<Frame[K]>;

export interface Applied<S, K extends StageName> {
  readonly state: S;
  readonly part: StagePart<K>;
}

/**
 * One stage of the line: a deterministic state machine (architecture.md sections 1, 5 and 9).
 *
 * - It reads no clock, no random source, no environment, and does no I/O. Time is `frame.book_time_us`.
 * - It never changes the state or the frame it was given: `apply` returns a new state, so that an exception leaves
 *   the old one as it was. Share what did not change.
 * - State is plain data (objects, arrays, typed arrays, numbers without NaN), so that a snapshot restores it exactly.
 */
export interface Stage<S = unknown, K extends StageName = StageName> {
  readonly name: K;
  /** Raised when the same entries would give other bytes; takes effect at a release entry. */
  readonly logicVersion: number;
  /** `mark`: an exception becomes a fault in this part and the frame goes on. `stop`: it stops the book. */
  readonly onFault: 'mark' | 'stop';
  initialState(): S;
  /** Models to ask before `apply`. Absent in a stage that asks none. */
  prepare?(state: S, frame: Frame): readonly InferenceRequest[];
  apply(state: S, frame: Frame, outputs: readonly InferenceOutput[]): Applied<S, K>;
  /** The part that stands for an exception: everything missing, the gate closed. */
  faulted(fault: Fault): StagePart<K>;
}

/** A stage whose types the runner does not need to know: it hands each stage only what that stage itself returned. */
export type AnyStage = Stage;

/** The frame with this stage's part filled in. Field by field: a spread takes V8 many times as long. */
export function withPart<K extends StageName>(frame: Frame, name: K, part: StagePart<K>): Frame {
  return {
    contract_version: frame.contract_version,
    book: frame.book,
    seq: frame.seq,
    book_time_us: frame.book_time_us,
    origin: frame.origin,
    entry: frame.entry,
    features: name === 'features' ? (part as StagePart<'features'>) : frame.features,
    regime: name === 'regime' ? (part as StagePart<'regime'>) : frame.regime,
    forecast: name === 'forecast' ? (part as StagePart<'forecast'>) : frame.forecast,
    portfolio: name === 'portfolio' ? (part as StagePart<'portfolio'>) : frame.portfolio,
    bandit: name === 'bandit' ? (part as StagePart<'bandit'>) : frame.bandit,
    sizing: name === 'sizing' ? (part as StagePart<'sizing'>) : frame.sizing,
    risk: name === 'risk' ? (part as StagePart<'risk'>) : frame.risk,
    inferences: frame.inferences,
  };
}
