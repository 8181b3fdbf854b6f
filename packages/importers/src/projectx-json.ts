import { z } from 'zod';
import type { BarParser, ParserOptions } from './bar-sink.js';
import { quoted, unreadable } from './refusals.js';
import { Dates, Offsets, isoStamp } from './stamps.js';

/** Longest text of one bar, and of everything around the bars. */
const BAR_CHARS_MAX = 1_000;
const FRAME_CHARS_MAX = 4_096;

const bar = z.object({
  t: z.string(),
  o: z.number(),
  h: z.number(),
  l: z.number(),
  c: z.number(),
  v: z.number(),
});
/** The answer without its bars. */
const frame = z.object({
  bars: z.array(z.never()),
  success: z.boolean().optional(),
  errorCode: z.number().optional(),
  errorMessage: z.string().nullish(),
});

/** Start of an answer of `History/retrieveBars`. */
export const PROJECTX_START = /^\s*\{[^[\]]{0,1000}"bars"\s*:\s*\[/;

const BARS_BEGIN = /"bars"\s*:\s*\[$/;

type State = 'frame' | 'between' | 'bar';

/**
 * The answer of ProjectX's `POST /api/History/retrieveBars` (domain.md 2.5), newest bar first as it comes. Only one bar and
 * the text around the bars are ever held.
 */
export class ProjectxJson implements BarParser {
  readonly #dates = new Dates();
  readonly #offsets = new Offsets();
  #state: State = 'frame';
  #frame = '';
  #bar = '';
  #bars = 0;
  #comma = true;
  #inText = false;

  constructor(private readonly options: ParserOptions) {}

  member(_name: string): void {
    this.#state = 'frame';
  }

  write(bytes: Buffer): void {
    const text = bytes.toString('latin1');
    for (let at = 0; at < text.length;) {
      if (this.#state === 'bar') at = this.#readBar(text, at);
      else if (this.#state === 'between') at = this.#readBetween(text, at);
      else at = this.#readFrame(text, at);
    }
  }

  #broken(what: string): Error {
    return unreadable(this.options.name, `After ${this.#bars} bars: ${what}`);
  }

  #readFrame(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      this.#frame += text[at]!;
      if (this.#frame.length > FRAME_CHARS_MAX) throw this.#broken('There is too much text that is no bar');
      if (text[at] === '[' && this.#bars === 0 && BARS_BEGIN.test(this.#frame)) {
        this.#state = 'between';
        return at + 1;
      }
    }
    return text.length;
  }

  #readBetween(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const char = text[at]!;
      if (/\s/.test(char)) continue;
      if (char === ']' && !(this.#comma && this.#bars > 0)) {
        this.#frame += ']';
        this.#state = 'frame';
        return at + 1;
      }
      if (char === ',' && !this.#comma) this.#comma = true;
      else if (char === '{' && this.#comma) {
        this.#state = 'bar';
        this.#bar = '{';
        return at + 1;
      } else throw this.#broken(`Expected a bar, was ${quoted(text.slice(at, at + 20))}`);
    }
    return text.length;
  }

  #readBar(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const char = text[at]!;
      if (char === '"') this.#inText = !this.#inText;
      if (char !== '}' || this.#inText) continue;
      this.#bar += text.slice(from, at + 1);
      this.#state = 'between';
      this.#comma = false;
      this.#take();
      return at + 1;
    }
    this.#bar += text.slice(from);
    if (this.#bar.length > BAR_CHARS_MAX) throw this.#broken('A bar is longer than one of six fields');
    return text.length;
  }

  #take(): void {
    this.#bars++;
    const parsed = bar.safeParse(jsonOf(this.#bar));
    if (!parsed.success) {
      const expected = 'Expected {"t":…,"o":…,"h":…,"l":…,"c":…,"v":…}';
      this.options.sink.problem(this.#bars, `${expected}, was ${quoted(this.#bar)}`);
      return;
    }
    const { t, o, h, l, c, v } = parsed.data;
    const stamp = isoStamp(t, this.#dates);
    const doubt = stamp === null ? 'Expected a time with its offset' : this.#offsets.doubt(stamp.offset_us);
    if (stamp === null || stamp.offset_us === null || doubt !== null) {
      this.options.sink.problem(this.#bars, `${doubt ?? 'No offset'}: ${quoted(t)}`);
      return;
    }
    this.options.sink.bar(this.#bars, stamp.wall_us - stamp.offset_us, o, h, l, c, v);
  }

  end(): void {
    if (this.#state !== 'frame') throw this.#broken('The text ends too early. Fetch or copy it again');
    const parsed = frame.safeParse(jsonOf(this.#frame));
    if (!parsed.success) throw this.#broken('This is not an answer of retrieveBars, or its end is missing');
    const { success, errorCode, errorMessage } = parsed.data;
    if (success === false || (errorCode ?? 0) !== 0) {
      throw this.#broken(
        `The gateway refused the request: ${quoted(errorMessage ?? `error ${errorCode ?? '?'}`)}`,
      );
    }
  }

  notes(): readonly string[] {
    return ['times are ISO with an offset'];
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
