import type { BarParser, BarSink, ParserOptions } from './bar-sink.js';
import { unreadable } from './refusals.js';

/** Longest line of text that is one of bars: a TradingView row with all its plots stays below. */
export const LINE_BYTES_MAX = 8_192;

/** Empty lines in a row that may stand at the end of a text. */
const EMPTY_MAX = 1_000;

const LINE_END = 10;
const NOTHING: Buffer = Buffer.alloc(0);
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** Cuts bytes into lines. Ends may be LF or CRLF; a last line without one counts. Empty lines at the end do not. */
export abstract class LineParser implements BarParser {
  protected readonly sink: BarSink;
  protected readonly options: ParserOptions;
  #rest = NOTHING;
  #line = 1;
  /** Empty lines that are a problem as soon as another line follows. */
  #empty = 0;
  #open = false;

  constructor(options: ParserOptions) {
    this.options = options;
    this.sink = options.sink;
  }

  /** Reads one line, numbered from 1. */
  protected abstract line(text: string, number: number): void;

  member(_name: string): void {
    this.#rest = NOTHING;
    this.#line = 1;
    this.#empty = 0;
  }

  write(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const last = all.lastIndexOf(LINE_END);
    const open = all.length - last - 1;
    if (open > LINE_BYTES_MAX) {
      throw unreadable(
        this.options.name,
        `Line ${this.#line} or a later one is longer than ${LINE_BYTES_MAX} bytes`,
      );
    }
    if (last >= 0) this.#lines(all.toString('latin1', 0, last));
    // A copy, so that the chunk before can be freed.
    this.#rest = open === 0 ? NOTHING : Buffer.from(all.subarray(last + 1));
  }

  end(): void {
    if (this.#rest.length > 0) {
      this.#one(this.#rest.toString('latin1'));
      this.#open = true;
    }
    this.#rest = NOTHING;
  }

  notes(): readonly string[] {
    return this.#open ? ['the last line has no line end: make sure that the file is not cut off'] : [];
  }

  #lines(text: string): void {
    let start = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
      this.#one(text.slice(start, at));
      start = at + 1;
    }
    this.#one(text.slice(start));
  }

  #one(raw: string): void {
    let text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (this.#line === 1 && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(3);
    if (text === '') {
      this.#empty++;
      if (this.#empty > EMPTY_MAX)
        throw unreadable(this.options.name, `It has more than ${EMPTY_MAX} empty lines in a row`);
    } else {
      if (this.#empty > 0) this.sink.problem(this.#line - 1, 'The line is empty, and others follow');
      this.#empty = 0;
      if (text.length > LINE_BYTES_MAX)
        this.sink.problem(this.#line, 'The line is too long for a row of bars');
      else this.line(text, this.#line);
    }
    this.#line++;
  }
}
