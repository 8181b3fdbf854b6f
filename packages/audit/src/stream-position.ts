import type { Bus } from '@bellwether/bus';
import { subjects } from '@bellwether/contracts';
import type { AuditFiles } from './audit-files.js';
import { outlineOf } from './frame-outline.js';
import { positionFile } from './places.js';

/** A frame and where it stands in the decision stream, which all books share. */
export interface StreamPosition {
  readonly seq: number;
  readonly sequence: number;
}

/**
 * Where to read the decision stream from, so that a frame comes again, or one before it. The kept position is a hint: it
 * is used only where the stream has that very frame there. Without one: the n-th frame of a book is at least the n-th
 * message of the stream.
 */
export async function startPosition(bus: Bus, files: AuditFiles, book: string, seq: number): Promise<number> {
  const hint = await readHint(files, book);
  if (hint !== null && hint.seq <= seq) {
    const subject = subjects.line('risk', book);
    const message = await bus.get(subject, hint.sequence);
    if (message?.subject === subject && outlineOf(message.data).seq === hint.seq) {
      return hint.sequence;
    }
  }
  return Math.max(1, seq);
}

export async function savePosition(files: AuditFiles, book: string, position: StreamPosition): Promise<void> {
  const { seq, sequence } = position;
  await files.replace(positionFile(book), Buffer.from(JSON.stringify({ seq, sequence })));
}

async function readHint(files: AuditFiles, book: string): Promise<StreamPosition | null> {
  const name = positionFile(book);
  const text = await files.read(name, 0, (await files.size(name)) ?? 0);
  try {
    const { seq, sequence } = JSON.parse(text.toString('utf8')) as Partial<StreamPosition>;
    const whole = Number.isSafeInteger(seq) && Number.isSafeInteger(sequence);
    return whole && Number(seq) >= 1 && Number(sequence) >= 1
      ? { seq: Number(seq), sequence: Number(sequence) }
      : null;
  } catch {
    return null;
  }
}
