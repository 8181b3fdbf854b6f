import { MULTIPLIER_ACTION, sizingObservations, type Environment, type Transition } from '@bellwether/agents';
import {
  AskAhead,
  BookRun,
  type AnswerRows,
  type BookMemory,
  type FrameReceiver,
} from '@bellwether/backtest';
import type { Entry, Frame } from '@bellwether/contracts';
import type { Infer } from '@bellwether/host';
import { assert, present, type AnyStage, type InferenceOutput } from '@bellwether/kernel';
import { sessionAt } from '@bellwether/market';
import { sizingSeen } from '@bellwether/model-slots';
import { KeptAnswers, type AnswerNow } from './kept-answers.js';
import { isProbe, learnerQuestion, learnerSays, withLearner } from './learner.js';

export interface LineWorldOptions {
  readonly book: string;
  /** One R. */
  readonly risk_per_trade_cents: number;
  /** The line. */
  readonly stages: readonly AnyStage[];
  /** Raw inputs of the book, under a learned policy. */
  readonly batches: AsyncIterable<readonly Entry[]>;
  readonly infer: Infer;
  readonly answerRows: AnswerRows;
  /** For setups that no earlier episode came to. */
  readonly answerNow: AnswerNow;
  readonly onProgress?: (inputs: number) => void;
}

/** A session of history: its inputs, and the book as it stood before the first of them when every multiplier was 1. */
export interface LineSession {
  /** yyyymmdd */
  readonly trade_date: number;
  readonly inputs: readonly Entry[];
  readonly memory: BookMemory;
  /** Of the account before it. */
  readonly open_cents: number;
  /** Change of the account over the session with multiplier 1, in cents. */
  readonly plain_cents: number;
  /** What was asked about each size then: `features [6]`, `mask [6]`. */
  readonly questions: readonly Float32Array[];
}

/** Where an episode waits for a multiplier: the book before the input that asks, never changed. */
export interface LineState {
  readonly session: LineSession;
  readonly memory: BookMemory;
  /** Of the input that asks. */
  readonly next: number;
  /** Multipliers that this input was given already. */
  readonly given: readonly number[];
  /** `features [6]`, `mask [6]` as the stage asked them. */
  readonly seen: Float32Array;
  /** Of the account when it asked. */
  readonly equity_cents: number;
}

interface SessionDraft {
  readonly trade_date: number;
  readonly inputs: Entry[];
  readonly memory: BookMemory;
  readonly open_cents: number;
  readonly questions: Float32Array[];
}

/** Nobody answers: the run is left where it waits, and another one goes on from the memory before. */
const UNANSWERED = new Promise<readonly InferenceOutput[]>(() => undefined);

const NONE_GIVEN: readonly number[] = [];

/**
 * A book over history as a world to size in (ADR 0040). The stages are those of backtest, paper and live with the simulated execution,
 * costs and limits of the account; the sizing stage asks the learner as it would a promoted agent, and what it asks is what is seen.
 * What features, regime and forecast say hangs on no size: it was said once, when the world was opened.
 */
export class LineWorld {
  private readonly first = new Map<LineSession, LineState>();

  private constructor(
    private readonly options: LineWorldOptions,
    private readonly stages: readonly AnyStage[],
    /** What was said when the world was opened, what was asked before, or the models themselves: at once. */
    private readonly answered: Infer,
    /** Those in which something was to be sized, the oldest first. */
    readonly sessions: readonly LineSession[],
    /** Over all decisions with multiplier 1: what the world is made of. */
    readonly sha256: string,
    readonly end_us: number,
  ) {}

  /** Runs the book once with multiplier 1. @throws what inputs, stages and models throw */
  static async open(options: LineWorldOptions): Promise<LineWorld> {
    const answers = new KeptAnswers(options.infer, options.answerNow);
    let [equity_cents, done, end_us] = [0, 0, 0];
    const asked: Float32Array[] = [];
    let opened = false;
    const infer: Infer = (requests) => {
      const question = learnerQuestion(requests);
      if (question === null) return opened ? answers.askNow(requests) : answers.ask(requests);
      if (!isProbe(question)) asked.push(question.inputs);
      return learnerSays(1);
    };
    const ahead = new AskAhead(options.stages, infer, options.answerRows);
    const run = new BookRun(options.book, ahead.stages, ahead.answer, (frame) => {
      equity_cents = equityOf(frame) ?? equity_cents;
    });
    const sessions: LineSession[] = [];
    let draft: SessionDraft | null = null;
    const close = (): void => {
      if (draft === null) return;
      if (draft.questions.length === 0) {
        ahead.forget(draft.inputs);
        return;
      }
      sessions.push({ ...draft, plain_cents: equity_cents - draft.open_cents });
    };
    for await (const batch of withLearner(options.batches)) {
      await ahead.next(batch);
      for (const input of batch) {
        const trade_date: number = sessionAt(input.known_us)?.trade_date ?? draft?.trade_date ?? 0;
        if (draft === null || draft.trade_date !== trade_date) {
          close();
          draft = { trade_date, inputs: [], memory: run.memory(), open_cents: equity_cents, questions: [] };
        }
        await run.accept(input);
        draft.inputs.push(input);
        draft.questions.push(...asked.splice(0));
        end_us = Math.max(end_us, input.known_us);
      }
      options.onProgress?.((done += batch.length));
    }
    close();
    opened = true;
    return new LineWorld(options, ahead.stages, ahead.answer, sessions, run.digest(), end_us);
  }

  /** Episodes over some of the sessions, each drawn evenly. Reward: change of the account in R, after costs. */
  environment(sessions: readonly LineSession[]): Environment<LineState> {
    assert(sessions.length > 0, 'A world has sessions');
    return {
      name: 'the line over history',
      observations: sizingObservations,
      masked: true,
      action: MULTIPLIER_ACTION,
      rewardUnit: 'R',
      stepsMax: sessions.reduce((most, { inputs }) => Math.max(most, inputs.length), 0),
      begin: (random) => this.firstOf(sessions[Math.floor(random.uniform() * sessions.length)]!),
      observe: (state, to, at) => {
        to.set(sizingSeen(state.seen), at);
      },
      step: (state, multiplier) => this.step(state, multiplier),
    };
  }

  /** Where an episode of a session begins: at the first size that it asks for. */
  firstOf(session: LineSession): LineState {
    const known = this.first.get(session) ?? present(this.begin(session), 'the first size of a session');
    this.first.set(session, known);
    return known;
  }

  private begin(session: LineSession): LineState | null {
    const { memory, open_cents: equity_cents } = session;
    return this.goOn({ session, memory, next: 0, equity_cents }, NONE_GIVEN).state;
  }

  step(state: LineState, multiplier: number): Transition<LineState> {
    const went = this.goOn(state, [...state.given, multiplier]);
    const reward = (went.equity_cents - state.equity_cents) / this.options.risk_per_trade_cents;
    return went.state === null
      ? { state: { ...state, equity_cents: went.equity_cents }, reward, end: 'terminal' }
      : { state: went.state, reward, end: 'none' };
  }

  /** Runs the line from an input on to the next size, or to the end of the session. */
  private goOn(
    {
      session,
      memory: from,
      next,
      equity_cents: before,
    }: Pick<LineState, 'session' | 'memory' | 'next' | 'equity_cents'>,
    given: readonly number[],
  ): { readonly state: LineState | null; readonly equity_cents: number } {
    const { inputs } = session;
    let equity_cents = before;
    let [memory, answers, used] = [from, given, 0];
    const asked: { seen: Float32Array | null } = { seen: null };
    const infer: Infer = (requests) => {
      const question = learnerQuestion(requests);
      if (question === null) return this.answered(requests);
      const known = answers[used++];
      if (known !== undefined) return learnerSays(known);
      asked.seen = question.inputs;
      return UNANSWERED;
    };
    const onFrame: FrameReceiver = (frame) => {
      equity_cents = equityOf(frame) ?? equity_cents;
    };
    const run = new BookRun(this.options.book, this.stages, infer, onFrame, 'stop_first', from);
    for (let i = next; i < inputs.length; i++) {
      if (run.accept(inputs[i]!) !== null) {
        const seen = present(asked.seen, 'the question about a size, which alone is waited for');
        return { state: { session, memory, next: i, given: answers, seen, equity_cents }, equity_cents };
      }
      memory = run.memory();
      answers = NONE_GIVEN;
      used = 0;
    }
    return { state: null, equity_cents };
  }
}

/** Balance and open positions at the last price, after costs; null before there is an account. */
function equityOf({ portfolio }: Frame): number | null {
  return portfolio?.account?.equity_cents ?? null;
}
