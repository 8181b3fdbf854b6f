import { createHash } from 'node:crypto';

/** Lines kept for the report of a failure. */
const KEPT = 400;
/** Lines that go into the hash at once. */
const BATCH = 256;

/** Everything that happened in a run, in order: its hash says whether two runs were the same. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #ring: string[] = [];
  #batch: string[] = [];
  #count = 0;

  /** @param onLine gets each line as it comes; null: nobody reads along */
  constructor(private readonly onLine: ((line: string) => void) | null) {}

  add(at_ms: number, who: string, what: string): void {
    const line = `${at_ms.toFixed(3)} ${who} ${what}`;
    this.#ring[this.#count % KEPT] = line;
    this.#count += 1;
    this.#batch.push(line);
    if (this.#batch.length === BATCH) this.#flush();
    this.onLine?.(line);
  }

  get count(): number {
    return this.#count;
  }

  /** The newest lines, oldest first. */
  last(count: number): readonly string[] {
    const kept = Math.min(count, this.#count, KEPT);
    return Array.from({ length: kept }, (_, i) => this.#ring[(this.#count - kept + i) % KEPT] ?? '');
  }

  hex(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    this.#hash.update(`${this.#batch.join('\n')}\n`);
    this.#batch = [];
  }
}
