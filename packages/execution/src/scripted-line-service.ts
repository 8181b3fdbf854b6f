import type { Bus } from '@bellwether/bus';
import { decodeEntry, encodeFrame, subjects, type Entry } from '@bellwether/contracts';
import { decide, initialLine, type Script } from './scripted-line.js';

/**
 * For tests: the scripted line on a bus. It decides every journal entry of the book in order, until the
 * signal.
 */
export async function runScriptedLine(
  bus: Bus,
  book: string,
  script: Script,
  signal: AbortSignal,
  /** Called before a decision is stored: a test can hold it up here. */
  before: (entry: Entry) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  let line = initialLine();
  let expectedLastSequence = 0;
  for await (const message of bus.read(subjects.journalOf(book), { from: 1, follow: true, signal })) {
    const entry = decodeEntry(message.data);
    const decided = decide(line, entry, script);
    line = decided.line;
    await before(entry);
    const bytes = encodeFrame(decided.frame);
    expectedLastSequence = await bus.append(subjects.line('risk', book), bytes, { expectedLastSequence });
  }
}
