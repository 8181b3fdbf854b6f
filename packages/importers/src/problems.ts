import { BellwetherError, type Problem } from '@bellwether/contracts';

/** Problems that are listed. */
const LISTED_MAX = 50;
/** With so many, the layout is another one, and the rest of the file says nothing new. */
const PROBLEMS_MAX = 10_000;

/** Rows that cannot be taken: the first ones, and how many there are. */
export class Problems {
  readonly #listed: Problem[] = [];
  #count = 0;

  constructor(private readonly name: string) {}

  /** @throws BellwetherError `data_unreadable` where there are too many to go on */
  add(place: number, message: string): void {
    this.#count++;
    if (this.#listed.length < LISTED_MAX) this.#listed.push({ path: `${this.name}:${place}`, message });
    if (this.#count >= PROBLEMS_MAX) this.refuse();
  }

  get any(): boolean {
    return this.#count > 0;
  }

  /** @throws BellwetherError `data_unreadable` with all of them, where there are any */
  refuse(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#listed.length;
    const end = this.#count >= PROBLEMS_MAX ? '; the reading ended there' : '';
    const rest = more > 0 ? [{ path: this.name, message: `and ${more} more lines${end}` }] : [];
    const what = this.#count === 1 ? 'One problem' : `${this.#count} problems`;
    throw new BellwetherError('data_unreadable', `${this.name}: ${what}. Nothing was imported`, [
      ...this.#listed,
      ...rest,
    ]);
  }
}
