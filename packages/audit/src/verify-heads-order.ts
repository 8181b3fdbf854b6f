import type { AuditHead } from '@bellwether/contracts';
import { AuditDamage, type Chain } from './chain.js';
import { readHeads, type HeadLine } from './heads-reader.js';
import type { LogPlace } from './log-reader.js';

/**
 * Holds heads against records while these are gone through: at the record of each head, number, frame and hash must be
 * what was signed. Heads are read some at a time, so that memory stays flat.
 */
export class HeadsInOrder {
  readonly #lines: AsyncGenerator<readonly HeadLine[]>;
  #queue: readonly HeadLine[] = [];
  #at = 0;
  #ended = false;
  /** Record that the newest head before covers: a change lies behind it. */
  #sure = 0;
  #done = false;

  constructor(
    place: LogPlace,
    private readonly newest: AuditHead,
    private readonly kept: AuditHead | null,
  ) {
    this.#lines = readHeads(place.files, place.book);
  }

  /** No head is left to compare: `load` before going on. */
  get hungry(): boolean {
    return this.#at >= this.#queue.length && !this.#ended;
  }

  /** The newest head was compared. Those that were written since the check began do not count. */
  get done(): boolean {
    return this.#done;
  }

  async load(): Promise<void> {
    while (this.hungry) {
      const next = await this.#lines.next();
      this.#ended = next.done === true;
      this.#queue = next.done === true ? [] : next.value;
      this.#at = 0;
      this.#skipBeginning();
    }
  }

  /** The head of record 0 stands before the first record. */
  #skipBeginning(): void {
    while (this.#queue[this.#at]?.head.record === 0) this.#at += 1;
  }

  /** After each record. Throws {@link AuditDamage} where a head says something else of it. */
  check(chain: Chain, file: string, offset: number): void {
    const { record } = chain;
    if (this.kept?.record === record) this.#compare(this.kept, chain, file, offset);
    while (this.#queue[this.#at]?.head.record === record) {
      this.#compare(this.#queue[this.#at]!.head, chain, file, offset);
      this.#at += 1;
      this.#sure = record;
    }
    this.#done = record >= this.newest.record;
  }

  #compare(head: AuditHead, chain: Chain, file: string, offset: number): void {
    const hash = chain.hash.toString('hex');
    if (head.hash === hash && head.seq === chain.seq) return;
    const since = `; the change lies behind record ${this.#sure}`;
    throw new AuditDamage({
      ...{ file, offset, record: chain.record },
      expected: `frame ${head.seq} and hash ${head.hash}, which are signed${since}`,
      found: `frame ${chain.seq} and hash ${hash}`,
    });
  }
}
