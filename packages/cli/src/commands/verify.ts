import { BOOK_NAME, BellwetherError } from '@bellwether/contracts';
import { LINE } from '@bellwether/line';
import { ModelHost } from '@bellwether/models';
import { openJournal, type JournalPlace } from '../data/open-journal.js';
import { modelStore, trustOf, type ModelOptions } from '../data/plan-models.js';
import { showProgress, type Progress } from '../progress.js';
import { renderDay } from '../verify/verdict-text.js';
import { verifyDay } from '../verify/verify-day.js';
import { whileRunning } from '../while-running.js';

export interface VerifyOptions extends JournalPlace, ModelOptions {
  readonly book: string;
  readonly day?: number;
  readonly recorded?: boolean;
}

/** What a shell gives a program that Ctrl-C has ended. */
const INTERRUPTED_EXIT = 130;

/** `bw verify`: a recorded day computed again. Throws `diverged` where a frame comes out otherwise. */
export async function verify(options: VerifyOptions): Promise<void> {
  const { book, day = null, recorded = false } = options;
  if (!BOOK_NAME.test(book)) throw new BellwetherError('usage', `${book} is not a book's name`);
  const host = recorded
    ? null
    : new ModelHost({ store: await modelStore(options), trust: await trustOf(options) });
  const bus = await openJournal(options, 'bw-verify');
  const started = performance.now();
  const shown: Progress[] = [];
  try {
    const verdict = await whileRunning((signal) =>
      verifyDay({
        ...{ bus, book, day, stages: LINE, infer: host?.infer ?? null, signal },
        onProgress: (done, total) => {
          if (shown.length === 0) shown.push(showProgress('frames', total));
          shown[0]?.update(done);
        },
      }),
    );
    shown[0]?.end();
    if (!verdict.finished) {
      process.stderr.write('Ended before the last frame was compared: this says nothing of the rest.\n');
      process.exitCode = INTERRUPTED_EXIT;
      return;
    }
    const models = recorded ? 'as recorded' : 'asked again';
    process.stdout.write(`${renderDay(verdict, models, performance.now() - started)}\n`);
    const { divergence } = verdict;
    if (divergence === null) return;
    const { seq, stage, field } = divergence.difference;
    throw new BellwetherError('diverged', `Book ${book}, frame ${seq}: ${stage}${field}`);
  } finally {
    await bus.close();
    await host?.close();
  }
}
