import type { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import zlib from 'node:zlib';
import { BellwetherError } from '@bellwether/contracts';
import { CalendarRows } from './calendar-rows.js';
import { headerOf, rowValue, type CsvHeader } from './csv-layout.js';
import { CsvRecordReader, RECORD_LENGTH_MAX, type CsvRecord } from './csv-records.js';
import { knownUs } from './event-entry.js';
import { readEvent, type EventProblem, type EventRecord } from './event-schema.js';

/** What a line of a file holds, or what is wrong with it. */
export interface FileItem {
  readonly line: number;
  readonly event: EventRecord | null;
  readonly problems: readonly EventProblem[];
}

const SUFFIXES = /\.(csv|jsonl|ndjson)(\.gz)?$/;
const CHUNK_BYTES = 256 * 1024;

const problemAt = (line: number, message: string, field = ''): FileItem => ({
  line,
  event: null,
  problems: [{ path: field, message }],
});

/** The name of the source where rows do not name one: that of the file, without what ids may not hold. */
function sourceOf(file: string): string {
  const name = path
    .basename(file)
    .replace(SUFFIXES, '')
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return name.slice(0, 32) || 'file';
}

async function* chunksOf(file: string, hash: ReturnType<typeof createHash> | null): AsyncGenerator<Buffer> {
  const raw = fs.createReadStream(file, { highWaterMark: CHUNK_BYTES });
  raw.on('error', () => undefined);
  if (hash !== null) raw.on('data', (chunk: string | Buffer) => hash.update(chunk));
  const text = file.endsWith('.gz') ? raw.pipe(zlib.createGunzip()) : raw;
  if (text !== raw) raw.on('error', (error) => text.destroy(error));
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) yield chunk;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new BellwetherError('data_unreadable', `${file}: ${what}`, [], { cause });
  } finally {
    raw.destroy();
  }
}

/** The values of a JSON-lines or CSV file with their lines. */
class ItemReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #source: string;
  readonly #csv: CsvRecordReader | null;
  #header: CsvHeader | null = null;
  #calendar: CalendarRows | null = null;
  #rest = '';
  #line = 0;

  constructor(file: string) {
    this.#source = sourceOf(file);
    this.#csv = /\.csv(\.gz)?$/.test(file) ? new CsvRecordReader() : null;
  }

  push(chunk: Buffer): FileItem[] {
    const text = this.#decoder.write(chunk);
    if (this.#csv !== null) return this.#csv.push(text).flatMap((record) => this.#row(record));
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > RECORD_LENGTH_MAX)
      throw new RangeError(`${this.#line + 1}: The line is too long`);
    return lines.flatMap((line) => this.#json(line));
  }

  end(): FileItem[] {
    if (this.#csv === null) return this.#json(this.#rest);
    const rows = this.#csv.end().flatMap((record) => this.#row(record));
    const last = this.#calendar?.end() ?? [];
    if (this.#header === null) return [problemAt(1, 'The file is empty')];
    return [...rows, ...last.map((event) => ({ line: 0, event, problems: [] }))];
  }

  #json(text: string): FileItem[] {
    this.#line += 1;
    if (text.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [problemAt(this.#line, 'The line is not JSON')];
    }
    return [this.#checked(this.#line, value)];
  }

  #row({ line, fields }: CsvRecord): FileItem[] {
    if (this.#header === null) {
      const header = headerOf(fields);
      if (typeof header === 'string') throw new RangeError(`${line}: ${header}`);
      this.#header = header;
      if (header.layout === 'calendar') this.#calendar = new CalendarRows(this.#source);
      return [];
    }
    const value = rowValue(this.#header, fields, this.#source);
    if (value === null)
      return [problemAt(line, `Expected ${this.#header.columns.length} fields, was ${fields.length}`)];
    if (this.#calendar === null) return [this.#checked(line, value)];
    const { events, problems } = this.#calendar.push(value);
    if (problems.length > 0) return [{ line, event: null, problems }];
    return events.map((event) => ({ line, event, problems: [] }));
  }

  #checked(line: number, value: unknown): FileItem {
    const { event, problems } = readEvent(value);
    if (event !== null && knownUs(event) === null)
      return problemAt(line, 'Required: a file must say when a calendar could be known', 'known');
    return { line, event, problems: problems ?? [] };
  }
}

/** Every line of a file, a chunk at a time. Throws `data_unreadable` where the file as a whole cannot be read. */
export async function* readItems(
  file: string,
  hash: ReturnType<typeof createHash> | null = null,
): AsyncGenerator<readonly FileItem[], void, undefined> {
  if (!SUFFIXES.test(file)) {
    throw new BellwetherError('data_unreadable', `${file}: Expected .csv, .jsonl or .ndjson, plain or .gz`);
  }
  const reader = new ItemReader(file);
  try {
    for await (const chunk of chunksOf(file, hash)) {
      const items = reader.push(chunk);
      if (items.length > 0) yield items;
    }
    yield reader.end();
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new BellwetherError('data_unreadable', `${file}:${cause.message}`, [], { cause });
    throw cause;
  }
}
