import type { Entry, Frame, StageName } from '@bellwether/contracts';
import type { Infer } from '@bellwether/host';
import {
  FIRST_FRAME_HEAD,
  frameHead,
  openFrame,
  withPart,
  type AnyStage,
  type Applied,
  type FrameHead,
  type InferenceOutput,
  type InferenceRequest,
} from '@bellwether/kernel';

/** Answers many rows for one model in one call, in their order. */
export type AnswerRows = (
  model: Omit<InferenceRequest, 'inputs'>,
  rows: readonly Float32Array[],
) => Promise<readonly (readonly number[])[]>;

/** Stages whose word hangs on no decision, so that they can speak before the entries between two inputs are there. */
const MARKET_STAGES: readonly StageName[] = ['features', 'regime', 'forecast'];

const NO_REQUESTS: readonly InferenceRequest[] = [];
const NO_OUTPUTS: readonly InferenceOutput[] = [];

/** What a stage said of an input before its turn came, and what that rested on. */
interface Said {
  readonly state: unknown;
  readonly book_time_us: number;
  readonly origin: Frame['origin'];
  readonly requests: readonly InferenceRequest[];
  readonly outputs: readonly InferenceOutput[];
  readonly applied: Applied<unknown, StageName>;
}

/**
 * A stage of the line that may have spoken already. What it said counts only for the same entry, on the very state object, at the same
 * time of the book; otherwise the stage itself is asked. Nothing can come out that the stage would not have said.
 */
class AheadStage implements AnyStage {
  readonly name: StageName;
  readonly logicVersion: number;
  readonly onFault: AnyStage['onFault'];
  readonly said = new Map<Entry, Said>();
  /** Of the line, after the last entry. */
  state: unknown;

  constructor(readonly stage: AnyStage) {
    this.name = stage.name;
    this.logicVersion = stage.logicVersion;
    this.onFault = stage.onFault;
    this.state = stage.initialState();
  }

  initialState(): unknown {
    return this.state;
  }

  prepare(state: unknown, frame: Frame): readonly InferenceRequest[] {
    return this.known(state, frame)?.requests ?? this.stage.prepare?.(state, frame) ?? NO_REQUESTS;
  }

  apply(state: unknown, frame: Frame, outputs: readonly InferenceOutput[]): Applied<unknown, StageName> {
    const known = this.known(state, frame);
    const applied =
      known?.outputs === outputs || known?.requests.length === 0
        ? known.applied
        : this.stage.apply(state, frame, outputs);
    this.state = applied.state;
    return applied;
  }

  faulted(fault: Parameters<AnyStage['faulted']>[0]): ReturnType<AnyStage['faulted']> {
    return this.stage.faulted(fault);
  }

  private known(state: unknown, { entry, book_time_us, origin }: Frame): Said | undefined {
    const said = entry === null ? undefined : this.said.get(entry);
    if (said === undefined || said.state !== state) return undefined;
    return said.book_time_us === book_time_us && said.origin === origin ? said : undefined;
  }
}

/**
 * Asks the models of the market's stages for many inputs at once: a model answers a row of many in a tenth of the time. For runs over the
 * past, whose inputs are known. Mutable, for one run.
 */
export class AskAhead {
  /** The line, to be run in the place of the one that was given. */
  readonly stages: readonly AnyStage[];
  private readonly market: readonly AheadStage[];
  private readonly answers = new Map<readonly InferenceRequest[], readonly InferenceOutput[]>();
  private head: FrameHead = FIRST_FRAME_HEAD;

  constructor(
    line: readonly AnyStage[],
    private readonly infer: Infer,
    private readonly rows: AnswerRows,
  ) {
    const own = line.findIndex(({ name }) => !MARKET_STAGES.includes(name));
    this.market = line.slice(0, own < 0 ? line.length : own).map((stage) => new AheadStage(stage));
    this.stages = [...this.market, ...line.slice(this.market.length)];
  }

  /** For the line: what was answered ahead needs no waiting. */
  readonly answer: Infer = (requests) => this.answers.get(requests) ?? this.infer(requests);

  /** Lets the market's stages speak of the next inputs. Where one of them fails, the line will find the same by itself. */
  async next(inputs: readonly Entry[]): Promise<void> {
    let frames = inputs.map((entry) => {
      const frame = openFrame(this.head, entry);
      this.head = frameHead(frame);
      return frame;
    });
    for (const stage of this.market) frames = await this.speak(stage, frames);
  }

  /** Drops what was said of inputs that nobody runs again: it holds the states of each. */
  forget(inputs: readonly Entry[]): void {
    for (const { said } of this.market) {
      for (const input of inputs) {
        const known = said.get(input);
        if (known === undefined) continue;
        this.answers.delete(known.requests);
        said.delete(input);
      }
    }
  }

  /** The frames with the word of this stage, as far as it can be had. */
  private async speak(ahead: AheadStage, frames: readonly Frame[]): Promise<Frame[]> {
    const { stage } = ahead;
    const guessed = guesses(ahead, frames);
    const answered = await this.ask(guessed);
    const done: Frame[] = [];
    let { state } = ahead;
    for (const [i, frame] of frames.entries()) {
      try {
        const requests = stage.prepare?.(state, frame) ?? NO_REQUESTS;
        const outputs = answersTo(requests, guessed[i] ?? NO_REQUESTS, answered);
        if (outputs === null || frame.entry === null) return done;
        const applied = stage.apply(state, frame, outputs);
        const { book_time_us, origin } = frame;
        ahead.said.set(frame.entry, { state, book_time_us, origin, requests, outputs, applied });
        if (requests.length > 0) this.answers.set(requests, outputs);
        state = applied.state;
        done.push(withPart(frame, stage.name, applied.part));
      } catch {
        return done;
      }
    }
    return done;
  }

  /** Answers to all questions, by question; what a model refuses is not among them. */
  private async ask(
    guessed: readonly (readonly InferenceRequest[])[],
  ): Promise<ReadonlyMap<InferenceRequest, InferenceOutput>> {
    const byModel = new Map<string, InferenceRequest[]>();
    for (const request of guessed.flat()) {
      const own = byModel.get(request.sha256);
      if (own === undefined) byModel.set(request.sha256, [request]);
      else own.push(request);
    }
    const found = new Map<InferenceRequest, InferenceOutput>();
    for (const requests of byModel.values()) {
      const { model, version, sha256 } = requests[0]!;
      const inputs = requests.map((request) => request.inputs);
      const rows = await this.rows({ model, version, sha256 }, inputs).catch(() => []);
      rows.forEach((outputs, i) => {
        const asked = requests[i]!;
        if (outputs.every(Number.isFinite))
          found.set(asked, { model: asked.model, version, sha256, outputs });
      });
    }
    return found;
  }
}

/** What a stage would ask of each frame, as far as that does not hang on the answers. */
function guesses({ stage, state: first }: AheadStage, frames: readonly Frame[]): InferenceRequest[][] {
  const found: InferenceRequest[][] = [];
  if (stage.prepare === undefined) return found;
  let state = first;
  for (const frame of frames) {
    try {
      found.push([...stage.prepare(state, frame)]);
      ({ state } = stage.apply(state, frame, NO_OUTPUTS));
    } catch {
      break;
    }
  }
  return found;
}

/** The answers to these questions where the guessed ones were the same and all are answered; else null. */
function answersTo(
  requests: readonly InferenceRequest[],
  guessed: readonly InferenceRequest[],
  answered: ReadonlyMap<InferenceRequest, InferenceOutput>,
): readonly InferenceOutput[] | null {
  if (requests.length === 0) return NO_OUTPUTS;
  if (requests.length !== guessed.length) return null;
  const outputs: InferenceOutput[] = [];
  for (const [i, request] of requests.entries()) {
    const output = answered.get(guessed[i]!);
    if (output === undefined || !isSame(request, guessed[i]!)) return null;
    outputs.push(output);
  }
  return outputs;
}

function isSame(a: InferenceRequest, b: InferenceRequest): boolean {
  if (a.sha256 !== b.sha256 || a.model !== b.model || a.inputs.length !== b.inputs.length) return false;
  for (let i = 0; i < a.inputs.length; i++) if (a.inputs[i] !== b.inputs[i]) return false;
  return true;
}
