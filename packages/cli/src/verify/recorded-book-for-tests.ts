import type { Bus } from '@bellwether/bus';
import {
  EntryKindName,
  encodeEntry,
  subjects,
  type BookConfig,
  type Frame,
  type StageName,
} from '@bellwether/contracts';
import { present, type AnyStage, type StagePart } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';

/** A decision and its canonical bytes. */
export interface RecordedFrame {
  readonly frame: Frame;
  readonly bytes: Uint8Array;
}

/** For tests: writes a run as a book's journal and decisions, as the desk does. */
export async function writeBook(
  bus: Bus,
  { book }: Pick<BookConfig, 'book'>,
  frames: readonly RecordedFrame[],
): Promise<void> {
  const decided = subjects.line('risk', book);
  let expectedLastSequence = (await bus.last(decided))?.sequence ?? 0;
  for (const { frame, bytes } of frames) {
    const entry = present(frame.entry, 'an entry');
    const subject = subjects.journal(book, EntryKindName[entry.kind], entry.id);
    await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
    expectedLastSequence = await bus.append(decided, bytes, { expectedLastSequence });
  }
}

/** For tests: the line of a build in which one number of one stage is another one. */
export function lineWith<K extends StageName>(
  name: K,
  change: (part: StagePart<K>) => StagePart<K>,
): readonly AnyStage[] {
  return LINE.map((stage) =>
    stage.name !== name
      ? stage
      : {
          ...stage,
          apply: (state, frame, outputs) => {
            const applied = stage.apply(state, frame, outputs);
            return { state: applied.state, part: change(applied.part as StagePart<K>) };
          },
        },
  );
}
