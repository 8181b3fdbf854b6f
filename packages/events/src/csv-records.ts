/** Longest record, in characters: the longest event is a calendar line of some tens of kilobytes. */
export const RECORD_LENGTH_MAX = 262_144;
const FIELDS_MAX = 64;

export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Reads CSV (RFC 4180: quotes, doubled quotes, line ends inside quotes) piece by piece. */
export class CsvRecordReader {
  #fields: string[] = [];
  #field = '';
  #quoted = false;
  /** A quote was seen inside quotes: it ends the field, or is the first of two. */
  #maybeEnd = false;
  #line = 1;
  #began = 1;

  /** Records that end in this piece. Throws RangeError, with the line, at a record without an end. */
  push(text: string): CsvRecord[] {
    const out: CsvRecord[] = [];
    for (const char of text) this.#take(char, out);
    return out;
  }

  /** The last record, where no line end follows it. */
  end(): CsvRecord[] {
    if (this.#quoted && !this.#maybeEnd) throw new RangeError(`${this.#began}: A quoted field has no end`);
    const out: CsvRecord[] = [];
    if (this.#fields.length > 0 || this.#field !== '') this.#close(out);
    return out;
  }

  #take(char: string, out: CsvRecord[]): void {
    if (char === '\n') this.#line += 1;
    if (this.#quoted && !this.#maybeEnd) {
      if (char === '"') this.#maybeEnd = true;
      else this.#add(char);
      return;
    }
    if (this.#maybeEnd && char === '"') {
      this.#maybeEnd = false;
      this.#add(char);
      return;
    }
    if (char === '"' && this.#field === '') {
      this.#quoted = true;
      return;
    }
    if (char === ',') this.#next();
    else if (char === '\n') this.#close(out);
    else if (char !== '\r') this.#add(char);
  }

  #add(char: string): void {
    this.#field += char;
    if (this.#field.length > RECORD_LENGTH_MAX)
      throw new RangeError(`${this.#began}: The record is too long`);
  }

  #next(): void {
    this.#fields.push(this.#field);
    this.#field = '';
    this.#quoted = false;
    this.#maybeEnd = false;
    if (this.#fields.length > FIELDS_MAX) throw new RangeError(`${this.#began}: Too many fields`);
  }

  #close(out: CsvRecord[]): void {
    const blank = this.#fields.length === 0 && this.#field === '' && !this.#quoted;
    this.#next();
    if (!blank) out.push({ line: this.#began, fields: this.#fields });
    this.#fields = [];
    this.#began = this.#line;
  }
}
