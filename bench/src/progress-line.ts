/** Where no person looks on, a line so often is enough to see that it goes on. */
const EVERY_MS = 10_000;

/** What a measure is at: one line that is written over on a terminal, else a line now and then. */
export class ProgressLine {
  #lastMs = -Infinity;

  constructor(private readonly name: string) {}

  show(what: string): void {
    if (process.stderr.isTTY) {
      this.clear();
      process.stderr.write(`${this.name}: ${what}`);
      return;
    }
    const now = performance.now();
    if (now - this.#lastMs < EVERY_MS) return;
    this.#lastMs = now;
    process.stderr.write(`${this.name}: ${what}\n`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}
