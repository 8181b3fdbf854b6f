import { BusRefused, type Bus } from '@bellwether/bus';
import { BellwetherError, decodeEntry, encodeEntry, subjects, type Entry } from '@bellwether/contracts';
import { flattens } from '@bellwether/kernel';

/** A command that somebody waits for. */
export interface AskedCommand {
  readonly entry: Entry;
  /** It is in the journal, behind what it closed. */
  readonly done: () => void;
  readonly refused: (cause: Error) => void;
}

/** Takes commands on `bw.control.<book>`, one after the other; the session that owns the book does them. */
export class ControlDesk {
  readonly #waiting: AskedCommand[] = [];
  #close: () => void = () => undefined;
  #closed = false;

  constructor(
    private readonly bus: Bus,
    private readonly book: string,
  ) {}

  /** The command that has waited longest, or null. */
  get next(): AskedCommand | null {
    return this.#waiting[0] ?? null;
  }

  /** Answers questions from now on, and rings at each. */
  async open(ring: () => void): Promise<void> {
    this.#close = await this.bus.respond(subjects.control(this.book), (data) => this.#ask(data, ring));
  }

  /** Whoever still waits learns that nobody will do it here. */
  close(): void {
    this.#closed = true;
    this.#close();
    for (const { refused } of this.#waiting.splice(0)) refused(new BusRefused('The owner of the book ends'));
  }

  /** The answer is the command itself: it is in the journal then. */
  async #ask(data: Uint8Array, ring: () => void): Promise<Uint8Array> {
    const entry = decodeEntry(data);
    if (entry.book !== this.book || !flattens(entry)) {
      throw new BellwetherError('usage', `Expected a command that closes ${this.book}, was ${entry.id}`);
    }
    if (this.#closed) throw new BusRefused('The owner of the book ends');
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        const at = this.#waiting.indexOf(asked);
        if (at >= 0) this.#waiting.splice(at, 1);
      };
      const done = (): void => {
        leave();
        resolve();
      };
      const refused = (cause: Error): void => {
        leave();
        reject(cause);
      };
      const asked: AskedCommand = { entry, done, refused };
      this.#waiting.push(asked);
      ring();
    });
    return encodeEntry(entry);
  }
}
