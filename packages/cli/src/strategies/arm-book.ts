import {
  BellwetherError,
  type Strategy,
  type BookConfig,
  type ClosedTrade,
  type Entry,
  type FeaturesPart,
  type Frame,
  type RegimePart,
} from '@bellwether/contracts';
import { initialBroker, onDecision, onInput, type BrokerState } from '@bellwether/execution';
import {
  FIRST_FRAME_HEAD,
  frameHead,
  openFrame,
  withPart,
  type AnyStage,
  type FrameHead,
  type InferenceOutput,
  type InferenceRequest,
} from '@bellwether/kernel';
import { LINE } from '@bellwether/line';

/** What features and regime say of an entry. All books of one run see the same bars, so it is worked out once. */
export interface MarketParts {
  readonly features: FeaturesPart;
  readonly regime: RegimePart;
}

/** A model that answers at once: what it says to a question. */
export type Answer = (request: InferenceRequest) => readonly number[];

const NO_OUTPUTS: readonly InferenceOutput[] = [];

/** What the models say to the questions of a stage; nothing where there are none. */
export function answersOf(
  stage: AnyStage,
  state: unknown,
  frame: Frame,
  answer: Answer | null,
): readonly InferenceOutput[] {
  if (answer === null || stage.prepare === undefined) return NO_OUTPUTS;
  const requests = stage.prepare(state, frame);
  if (requests.length === 0) return NO_OUTPUTS;
  return requests.map((request) => {
    const { model, version, sha256 } = request;
    return { model, version, sha256, outputs: answer(request) };
  });
}

/** How features and regime answer an entry that only one book has: a fill, an order. */
export type PartsOf = (frame: Frame) => MarketParts;

const OWN_STAGES: readonly AnyStage[] = LINE.filter(({ name }) => name !== 'features' && name !== 'regime');

/** Rounds of entries that decisions demand before something is plainly wrong. */
const ROUNDS_MAX = 1_000;

/**
 * One strategy alone with its own account: the paper broker and all stages of the line behind features and regime, in the
 * order of the backtest (packages/backtest). Nothing is encoded: what counts are the trades.
 */
export class ArmBook {
  readonly trades: ClosedTrade[] = [];
  #states: unknown[] = OWN_STAGES.map((stage) => stage.initialState());
  #head: FrameHead = FIRST_FRAME_HEAD;
  #broker: BrokerState = initialBroker();
  #due: readonly Entry[] = [];

  constructor(
    readonly strategy: Strategy,
    private readonly config: BookConfig,
    private readonly partsOf: PartsOf,
    private readonly answer: Answer | null = null,
  ) {}

  /** Nothing is open, ordered or due: a bar on which nothing can be chosen changes nothing that matters to the trades. */
  get idle(): boolean {
    const { positions, orders, closes } = this.#broker;
    return this.#due.length === 0 && positions.length === 0 && orders.length === 0 && closes.length === 0;
  }

  /** The next input with what features and regime say of it. The decision on it comes back. */
  accept(input: Entry, parts: MarketParts): Frame {
    for (let rounds = 0; this.#due.length > 0; rounds++) {
      if (rounds > ROUNDS_MAX) {
        throw new BellwetherError('internal', `Entries before ${input.id} lead to ever more entries`);
      }
      for (const entry of this.#due) this.#decide(entry, null);
    }
    for (const entry of onInput(this.#broker, input)) this.#decide(entry, null);
    return this.#decide(this.#own(input), parts);
  }

  /** The release of this book: that of the run with the own configuration. */
  #own(input: Entry): Entry {
    const { release } = input;
    return release === null ? input : { ...input, release: { ...release, config: this.config } };
  }

  #decide(entry: Entry, parts: MarketParts | null): Frame {
    let frame = openFrame(this.#head, entry);
    const { features, regime } = parts ?? this.partsOf(frame);
    frame = withPart(withPart(frame, 'features', features), 'regime', regime);
    OWN_STAGES.forEach((stage, i) => {
      const outputs = answersOf(stage, this.#states[i], frame, this.answer);
      const { state, part } = stage.apply(this.#states[i], frame, outputs);
      this.#states[i] = state;
      frame = withPart(frame, stage.name, part);
    });
    this.#head = frameHead(frame);
    const { state, due } = onDecision(this.#broker, frame);
    this.#broker = state;
    this.#due = due;
    const closed = frame.portfolio?.closed ?? [];
    if (closed.length > 0) this.trades.push(...closed);
    return frame;
  }
}
