import { EntryKindName, encodeEntry, equalBytes, subjects, type Entry } from '@bellwether/contracts';

/** Where an entry of a client goes. */
export function journalSubject(entry: Entry): string {
  return subjects.journal(entry.book, EntryKindName[entry.kind], entry.id);
}

/** What clients have sent and what was acknowledged to them: it outlives every process, as their memory would. */
export class Ledger {
  readonly #sent = new Map<string, Uint8Array[]>();
  readonly #acknowledged = new Map<string, Uint8Array>();

  sent(entry: Entry): void {
    const subject = journalSubject(entry);
    const contents = this.#sent.get(subject) ?? [];
    contents.push(encodeEntry(entry));
    this.#sent.set(subject, contents);
  }

  /** The bus has said that this entry is stored, by this attempt or an earlier one. */
  acknowledged(entry: Entry): void {
    this.#acknowledged.set(journalSubject(entry), encodeEntry(entry));
  }

  /** Whether a client has ever sent this content under this subject. */
  knows(subject: string, bytes: Uint8Array): boolean {
    return (this.#sent.get(subject) ?? []).some((content) => equalBytes(content, bytes));
  }

  get acknowledgements(): ReadonlyMap<string, Uint8Array> {
    return this.#acknowledged;
  }
}
