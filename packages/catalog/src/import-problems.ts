import { BellwetherError, type Problem } from '@bellwether/contracts';
import type { CsvProblem } from '@bellwether/ingestion';

/** Problems that are listed; the rest is counted. */
const PROBLEMS_MAX = 50;

/** Lines that cannot be taken: the first ones, and how many there are. */
export class ImportProblems {
  readonly #listed: Problem[] = [];
  /** All of them, in order. */
  readonly #lines: number[] = [];
  /** The first of those that {@link lineAfter} has not passed yet. */
  #next = 0;

  constructor(private readonly name: string) {}

  get any(): boolean {
    return this.#lines.length > 0;
  }

  /** More than are listed: then it is no matter of single lines. */
  get many(): boolean {
    return this.#lines.length > PROBLEMS_MAX;
  }

  get listed(): readonly Problem[] {
    return this.#listed;
  }

  readonly add = ({ line, message }: CsvProblem): void => {
    this.#lines.push(line);
    if (this.#listed.length < PROBLEMS_MAX) this.#listed.push({ path: `${this.name}:${line}`, message });
  };

  /** Number of the next line that was taken. Asked in order. */
  lineAfter(line: number): number {
    let next = line + 1;
    for (; this.#lines[this.#next] === next; this.#next++) next++;
    return next;
  }

  /**
   * Refuses the file where there is anything against it. `whole` is what speaks against the file as a whole.
   *
   * @throws BellwetherError `data_unreadable`
   */
  refuse(whole: readonly Problem[]): void {
    const count = this.#lines.length + whole.length;
    if (count === 0) return;
    const more = this.#lines.length - this.#listed.length;
    const rest = more > 0 ? [{ path: this.name, message: `and ${more} more lines` }] : [];
    const what = count === 1 ? 'One problem' : `${count} problems`;
    throw new BellwetherError('data_unreadable', `${this.name}: ${what}. Nothing was imported`, [
      ...whole.map(({ path, message }) => ({ path: `${this.name} ${path}`, message })),
      ...this.#listed,
      ...rest,
    ]);
  }
}
