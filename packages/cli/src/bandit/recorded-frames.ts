import { existsSync } from 'node:fs';
import path from 'node:path';
import { auditedFrames, nodeAuditFiles } from '@bellwether/audit';
import { ChoiceCollector, type ChoiceLog } from '@bellwether/bandit';
import { BOOK_NAME, BellwetherError, DataOrigin, type Frame } from '@bellwether/contracts';
import { DECISION_LOG, auditFolder, storeFolder } from '../folders.js';
import { readDecisionLog } from '../replay/decision-log.js';

/** Where the recorded decisions of a book are. */
export interface RecordedOptions {
  readonly audit?: string;
  readonly from?: string;
  readonly book?: string;
  /** The option that names the book, for who must name one; default `--book`. */
  readonly bookOption?: string;
}

/** Gives every decision of a book to the reader, in order, and says which book that was. */
export async function readRecorded(
  { audit, from, book, bookOption = '--book' }: RecordedOptions,
  onFrame: (frame: Frame) => void,
): Promise<string> {
  if (book !== undefined && !BOOK_NAME.test(book)) {
    throw new BellwetherError('usage', `${book} is not a book's name`);
  }
  if (from !== undefined && audit !== undefined) {
    throw new BellwetherError('usage', 'Expected either --audit or --from');
  }
  if (from !== undefined) {
    const file = path.join(from, DECISION_LOG);
    if (!existsSync(file)) throw new BellwetherError('audit_missing', `${file}: There is no such file`);
    return read(readDecisionLog(file), book ?? null, onFrame);
  }
  const folder = path.resolve(audit ?? auditFolder(storeFolder(null)));
  return readAudit(folder, { wanted: book ?? null, bookOption }, onFrame);
}

async function readAudit(
  folder: string,
  { wanted, bookOption }: { readonly wanted: string | null; readonly bookOption: string },
  onFrame: (frame: Frame) => void,
): Promise<string> {
  if (!existsSync(folder)) throw new BellwetherError('audit_missing', `${folder}: There is no such folder`);
  const files = nodeAuditFiles(folder);
  try {
    const books = await files.books();
    if (wanted === null && books.length > 1) {
      throw new BellwetherError('usage', `Name one of the books with ${bookOption}: ${books.join(', ')}`);
    }
    const book = wanted ?? books[0];
    if (book === undefined || !books.includes(book)) {
      throw new BellwetherError(
        'audit_missing',
        `${folder}: There is no audit log of ${wanted ?? 'any book'}`,
      );
    }
    // A log is of one book.
    for await (const frame of auditedFrames({ files, book })) onFrame(frame);
    return book;
  } finally {
    await files.close();
  }
}

async function read(
  frames: AsyncIterable<Frame>,
  wanted: string | null,
  onFrame: (frame: Frame) => void,
): Promise<string> {
  let book = wanted;
  for await (const frame of frames) {
    book ??= frame.book;
    if (frame.book === book) onFrame(frame);
  }
  return book ?? 'none';
}

export interface BookChoices {
  readonly book: string;
  readonly log: ChoiceLog;
  /** An input of the book was made up. */
  readonly synthetic: boolean;
}

/** The choices of a recorded book. */
export async function recordedChoices(options: RecordedOptions): Promise<BookChoices> {
  const collector = new ChoiceCollector();
  let synthetic = false;
  const book = await readRecorded(options, (frame) => {
    synthetic ||= frame.origin === DataOrigin.SYNTHETIC;
    collector.add(frame);
  });
  return { book, log: collector.log(), synthetic };
}
