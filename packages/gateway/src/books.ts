import { instrumentOf, type Instrument } from '@bellwether/market';
import { evidenceLine } from '@bellwether/evidence';
import { parseDecisionId } from '@bellwether/kernel';
import { BellwetherError, type BookConfig } from '@bellwether/contracts';
import type { DecisionLookup } from './audit/decision-lookup.js';
import type { DecisionFeed } from './feed/decision-feed.js';
import { DATA_UNKNOWN, type GatewayBook } from './options.js';
import type { ProblemSink } from './schema/request.js';

/** One book as the routes see it. */
export class Book {
  constructor(
    private readonly given: GatewayBook,
    readonly feed: DecisionFeed,
    readonly lookup: DecisionLookup,
  ) {}

  get name(): string {
    return this.given.book;
  }

  get knownTime(): 'receive' | 'event' {
    return this.given.knownTime;
  }

  /** As of the last release entry; before one, as configured. */
  get config(): BookConfig {
    return this.feed.release ?? this.given.config;
  }

  /** Who decides and who stands in shadow for want of evidence. */
  get evidence(): string {
    const { evidence } = this.config;
    if (evidence === null && this.feed.release === null) return 'Evidence: no release was read yet.';
    return evidenceLine(evidence);
  }

  /** `pass|warn|refuse|unknown (why)`: whether the data behind its profit and loss can be believed. */
  get data(): string {
    return this.given.dataMark?.() ?? DATA_UNKNOWN;
  }

  get symbols(): readonly string[] {
    return this.config.symbols.map((item) => item.symbol);
  }

  /** The contract of a symbol of this book, or null. */
  instrument(symbol: string): Instrument | null {
    return this.symbols.includes(symbol) ? instrumentOf(symbol) : null;
  }
}

/** The books of this gateway, by name. */
export class Books {
  readonly #byName: ReadonlyMap<string, Book>;

  constructor(readonly all: readonly Book[]) {
    this.#byName = new Map(all.map((book) => [book.name, book]));
  }

  get(name: string): Book | null {
    return this.#byName.get(name) ?? null;
  }

  /** The book of this name; without a name the only one. Null where that names none. */
  find(name: string | undefined): Book | null {
    if (name !== undefined) return this.get(name);
    return this.all.length === 1 ? (this.all[0] ?? null) : null;
  }

  /** The same, or an error that says what to send. */
  require(name: string | undefined): Book {
    const book = this.find(name);
    if (book !== null) return book;
    if (name !== undefined)
      throw new BellwetherError('unknown_book', `There is no book ${name}: ${this.#known()}`);
    const problem = { path: 'book', message: `Required: ${this.#known()}` };
    throw new BellwetherError('invalid_request', 'The request does not say which book it is for', [problem]);
  }

  /** The book of a request that is being checked; null, with a problem noted, where it names none. */
  check(name: string | undefined, problems: ProblemSink): Book | null {
    const book = this.find(name);
    if (book !== null) return book;
    if (name === undefined) problems.add('book', `Required: ${this.#known()}`);
    else problems.add('book', `No such book: ${this.#known()}`, 'unknown_book');
    return null;
  }

  /** The book to which a decision id belongs, where the request does not name one. */
  nameFor(book: string | undefined, decision: string | undefined): string | undefined {
    const own = decision === undefined ? null : parseDecisionId(decision);
    return book ?? (own !== null && this.#byName.has(own.book) ? own.book : undefined);
  }

  #known(): string {
    return `this gateway serves ${this.all.map((book) => book.name).join(', ')}`;
  }
}
