/** One record of a delimited text and the line that it begins in. */
export interface TextRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

export type Delimiter = ',' | ';' | '\t' | ' ';

/** A quote that never ends. */
export class UnclosedQuote extends Error {
  override readonly name = 'UnclosedQuote';
  constructor(readonly line: number) {
    super(`The quote that begins in line ${line} does not end`);
  }
}

/** The delimiter of a text by its first record: the one that parts it into most fields; blanks where none of the others is there. */
export function delimiterOf(first: string): Delimiter | null {
  const bare = first.replaceAll(/"[^"]*"/g, '');
  let best: Delimiter | null = /\S\s+\S/.test(bare) ? ' ' : null;
  let most = 0;
  for (const candidate of [',', ';', '\t'] as const) {
    const count = bare.split(candidate).length - 1;
    if (count > most) [best, most] = [candidate, count];
  }
  return best;
}

/** Lines that hold something, with comment lines (`#`) above the first record left out. */
function* linesOf(text: string): Generator<readonly [number, string]> {
  let begun = false;
  let line = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const own = text.slice(at, text[stop - 1] === '\r' && stop > at ? stop - 1 : stop);
    at = stop + 1;
    line += 1;
    if (!begun && own.startsWith('#')) continue;
    begun ||= own.trim() !== '';
    yield [line, own];
  }
}

/** The first line that is a record; null in an empty text. */
export function firstLine(text: string): string | null {
  for (const [, line] of linesOf(text)) if (line.trim() !== '') return line;
  return null;
}

/**
 * The records of a delimited text (RFC 4180: fields in double quotes may hold delimiters, line ends and doubled quotes).
 * Blanks around fields are dropped, empty lines passed over. LF or CRLF.
 *
 * @throws UnclosedQuote
 */
export function* recordsOf(text: string, delimiter: Delimiter): Generator<TextRecord> {
  let open: { readonly line: number; readonly text: string } | null = null;
  for (const [line, own] of linesOf(text)) {
    if (open === null && own.trim() === '') continue;
    if (open === null && !own.includes('"')) {
      yield { line, fields: plainFields(own, delimiter) };
      continue;
    }
    const whole: string = open === null ? own : `${open.text}\n${own}`;
    const begin: number = open?.line ?? line;
    if (openQuote(whole)) {
      open = { line: begin, text: whole };
      continue;
    }
    open = null;
    yield { line: begin, fields: quotedFields(whole, delimiter) };
  }
  if (open !== null) throw new UnclosedQuote(open.line);
}

function plainFields(line: string, delimiter: Delimiter): readonly string[] {
  if (delimiter === ' ') return line.trim().split(/\s+/);
  return line.split(delimiter).map((field) => field.trim());
}

function openQuote(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 1;
}

const FIELDS: Readonly<Record<Delimiter, RegExp>> = {
  ',': fieldPattern(','),
  ';': fieldPattern(';'),
  '\t': fieldPattern('\t'),
  ' ': fieldPattern(' '),
};

function fieldPattern(delimiter: Delimiter): RegExp {
  // A quoted field, or what stands up to the next delimiter; then the delimiter or the end.
  return new RegExp(`[ ]*(?:"((?:[^"]|"")*)"[ ]*|([^${delimiter}]*))(${delimiter}|$)`, 'gy');
}

function quotedFields(record: string, delimiter: Delimiter): readonly string[] {
  const pattern = FIELDS[delimiter];
  const text = delimiter === ' ' ? record.trim() : record;
  const fields: string[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
    if (match[3] === '') break;
  }
  return fields;
}
