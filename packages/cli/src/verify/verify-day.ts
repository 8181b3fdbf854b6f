import type { Bus } from '@bellwether/bus';
import { BellwetherError, DataOrigin, decodeFrame, subjects } from '@bellwether/contracts';
import { BookRecomputation, DecisionDigest, type Divergence, type Infer } from '@bellwether/host';
import { isDecision, type AnyStage } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';

export interface VerifyDay {
  readonly bus: Bus;
  readonly book: string;
  /** Trade date, yyyymmdd; null: every day that was recorded. */
  readonly day: number | null;
  readonly stages: readonly AnyStage[];
  /** Asks the models again; null: their answers are taken from the recorded decisions. */
  readonly infer: Infer | null;
  readonly signal: AbortSignal;
  /** Frames that were computed so far, of at most so many. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface DayVerdict {
  readonly book: string;
  readonly day: number | null;
  /** Entries of the day whose frames came out as they were recorded. */
  readonly entries: number;
  /** Entries before the day: computed and compared too, for the day's states rest on them. */
  readonly before: number;
  /** Frames of the day in which something was decided, a HOLD too. */
  readonly decisions: number;
  /** Answers of models in the frames of the day. */
  readonly answers: number;
  readonly synthetic: boolean;
  readonly first_date: number | null;
  readonly last_date: number | null;
  /** SHA-256 over the frames of the day. */
  readonly digest: string;
  /** Null for none. It may lie before the day. */
  readonly divergence: Divergence | null;
  /** False where the signal ended it. */
  readonly finished: boolean;
}

const PROGRESS_EVERY = 256;

/**
 * Computes a recorded day again from the journal's first entry on, which is where its states begin, and compares every frame.
 *
 * @throws BellwetherError `data_empty` where the book has no decision, or none on that day
 */
export async function verifyDay(options: VerifyDay): Promise<DayVerdict> {
  const { bus, book, day, stages, infer, signal, onProgress } = options;
  const last = await bus.last(subjects.line('risk', book));
  if (last === null) throw new BellwetherError('data_empty', `There is no decision of book ${book} here`);
  const total = decodeFrame(last.data).seq;
  const digest = new DecisionDigest();
  const counts = { entries: 0, before: 0, decisions: 0, answers: 0, synthetic: false };
  const dates: { first: number | null; last: number | null } = { first: null, last: null };
  const run = new BookRecomputation({ bus, book, stages, infer });
  const found = await run.pass({ framesMax: Number.POSITIVE_INFINITY, signal }, (frame, bytes) => {
    const date = tradeDateAt(frame.book_time_us);
    if (day !== null && date > day) return false;
    if (frame.seq % PROGRESS_EVERY === 0) onProgress?.(frame.seq, total);
    if (date > 0) dates.first ??= date;
    if (date > 0) dates.last = date;
    if (day !== null && date < day) {
      counts.before += 1;
      return true;
    }
    counts.entries += 1;
    counts.answers += frame.inferences.length;
    counts.synthetic ||= frame.origin === DataOrigin.SYNTHETIC;
    if (frame.risk !== null && isDecision(frame.risk)) counts.decisions += 1;
    digest.add(bytes);
    return true;
  });
  const behind = found !== null && day !== null && tradeDateAt(found.book_time_us) > day;
  const divergence = behind ? null : found;
  if (divergence === null && counts.entries === 0 && !signal.aborted) {
    const held = dates.first === null ? 'of no trade date' : `of ${dates.first} to ${dates.last ?? ''}`;
    throw new BellwetherError(
      'data_empty',
      `Book ${book} has no entry of ${day ?? 'any day'}: up to it are those ${held}`,
    );
  }
  return {
    ...{ book, day, ...counts, first_date: dates.first, last_date: dates.last },
    ...{ digest: digest.hex(), divergence, finished: !signal.aborted },
  };
}
