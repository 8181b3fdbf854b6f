import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Entry } from '@bellwether/contracts';
import type { IntrabarOrder } from '@bellwether/execution';
import type { Infer } from '@bellwether/host';
import type { AnyStage } from '@bellwether/kernel';
import { AskAhead, type AnswerRows } from './ask-ahead.js';
import { BookRun, type FrameReceiver } from './book-run.js';

export interface BacktestOptions {
  readonly book: string;
  /** The line; a test leaves a stage out to see that it counts. */
  readonly stages: readonly AnyStage[];
  readonly infer: Infer;
  /** Raw inputs in journal order, in batches. */
  readonly inputs: AsyncIterable<readonly Entry[]>;
  /** Ends the run before the next input. */
  readonly signal: AbortSignal;
  readonly onFrame: FrameReceiver;
  /** Answers many questions at once: the market's stages then speak of a batch before its first input is decided. Default: none. */
  readonly answerRows?: AnswerRows | null;
  /** Of stop and profit inside one bar; default: the stop first. */
  readonly intrabar?: IntrabarOrder;
}

export interface BacktestResult {
  readonly frames: number;
  /** Over all decisions up to that of the last input. */
  readonly digest: string;
  /** False where the signal ended it before the last input. */
  readonly finished: boolean;
}

/** Enough for a model to answer a row of many quickly, few enough that what was said of them dies young: of 128 the collector copies what 32 leave behind. */
const AHEAD_INPUTS = 32;

/**
 * Runs a book's inputs through the paper broker and the line. The decisions are those that a bus between the parts gives
 * too, to the byte; nothing is stored.
 *
 * @throws BellwetherError `id_reused`; StageDown; what the inputs and the receiver throw
 */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { book, inputs, signal, onFrame, answerRows = null } = options;
  const ahead = answerRows === null ? null : new AskAhead(options.stages, options.infer, answerRows);
  const { stages, infer } = ahead === null ? options : { stages: ahead.stages, infer: ahead.answer };
  const run = new BookRun(book, stages, infer, onFrame, options.intrabar);
  for await (const batch of inputs) {
    for (let from = 0; from < batch.length; from += AHEAD_INPUTS) {
      const inputs = batch.slice(from, from + AHEAD_INPUTS);
      await ahead?.next(inputs);
      for (const input of inputs) {
        if (signal.aborted) return { frames: run.frames, digest: run.digest(), finished: false };
        const pending = run.accept(input);
        if (pending !== null) await pending;
      }
      ahead?.forget(inputs);
    }
    // A long run must not keep signals and timers of this process from being heard.
    await turnOfTheLoop();
  }
  return { frames: run.frames, digest: run.digest(), finished: true };
}
