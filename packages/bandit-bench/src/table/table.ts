import { BellwetherError, type Problem } from '@bellwether/contracts';
import {
  UnclosedQuote,
  delimiterOf,
  firstLine,
  recordsOf,
  type Delimiter,
  type TextRecord,
} from './records.js';

/** A column of a table: numbers, or codes of categories in the order in which they first appear. */
export type Column =
  | { readonly name: string; readonly kind: 'numeric'; readonly values: Float64Array; readonly gaps: boolean }
  | {
      readonly name: string;
      readonly kind: 'categorical';
      readonly codes: Int32Array;
      readonly names: readonly string[];
    };

/** A classification table: each row is a context, each class an arm. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Of each row, into `classNames`. */
  readonly classes: Int32Array;
  readonly classNames: readonly string[];
}

export interface TableOptions {
  /** For messages. */
  readonly name: string;
  readonly header: boolean;
  /** Which column is the class. */
  readonly classAt: 'first' | 'last';
}

/** A category of a column that has no value there. A number that is missing is NaN. */
export const MISSING_NAME = '';
const MISSING = /^(?:|\?|na|n\/a|nan|null)$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

export const CLASSES_MAX = 1_000;
const COLUMNS_MAX = 4_000;
const PROBLEMS_MAX = 20;

/** What a first look at all rows says. */
interface Look {
  readonly names: readonly string[];
  readonly rows: number;
  /** Whether all values that are there are numbers, and whether any is missing. */
  readonly numeric: readonly boolean[];
  readonly gaps: readonly boolean[];
}

/**
 * Reads a classification table of any delimiter, with numbers and categories. Of the whole file only the kinds of columns are
 * learned beforehand: no mean, no count of a class.
 *
 * @throws BellwetherError `data_unreadable` with all problems, `format_unclear` where the first line is no header
 */
export function readTable(text: string, options: TableOptions): Table {
  const body = text.startsWith('\u{feff}') ? text.slice(1) : text;
  const first = firstLine(body);
  if (first === null) throw unreadable(options, 'It is empty');
  const delimiter = delimiterOf(first);
  if (delimiter === null)
    throw unreadable(options, 'Its first line has one field only, so there is no class beside features');
  try {
    return filled(body, delimiter, lookOf(body, delimiter, options), options);
  } catch (cause) {
    if (cause instanceof UnclosedQuote) throw unreadable(options, cause.message);
    throw cause;
  }
}

function unreadable(
  { name }: TableOptions,
  what: string,
  problems: readonly Problem[] = [],
): BellwetherError {
  return new BellwetherError('data_unreadable', `${name}: ${what}`, problems);
}

function* dataOf(text: string, delimiter: Delimiter, header: boolean): Generator<TextRecord> {
  const records = recordsOf(text, delimiter);
  if (header) records.next();
  yield* records;
}

function namesOf(text: string, delimiter: Delimiter, options: TableOptions): readonly string[] {
  const [first] = recordsOf(text, delimiter);
  const fields = first?.fields ?? [];
  if (!options.header) return fields.map((_, i) => `column ${i + 1}`);
  // The columns of a frame without names are numbered from 0 or 1: these are names.
  const start = Number(fields[0]);
  const counted =
    fields.length > 2 &&
    (start === 0 || start === 1) &&
    fields.slice(0, -1).every((field, i) => Number(field) === start + i);
  if (fields.every((field) => NUMBER.test(field)) && !counted) {
    throw new BellwetherError(
      'format_unclear',
      `${options.name}: The first line holds numbers only, so it seems to be no header: give --no-header`,
    );
  }
  return fields;
}

function lookOf(text: string, delimiter: Delimiter, options: TableOptions): Look {
  const names = namesOf(text, delimiter, options);
  const width = names.length;
  if (width < 2 || width > COLUMNS_MAX) {
    throw unreadable(options, `Expected 2 to ${COLUMNS_MAX} columns, was ${width}`);
  }
  const numeric = names.map(() => true);
  const gaps = names.map(() => false);
  const classAt = options.classAt === 'last' ? width - 1 : 0;
  const problems: Problem[] = [];
  let rows = 0;
  for (const { line, fields } of dataOf(text, delimiter, options.header)) {
    rows += 1;
    const problem = rowProblem(fields, width, classAt);
    if (problem !== null) {
      problems.push({ path: `line ${line}`, message: problem });
      if (problems.length === PROBLEMS_MAX) break;
      continue;
    }
    for (let i = 0; i < width; i++) {
      const field = fields[i]!;
      if (MISSING.test(field)) gaps[i] = true;
      else if (numeric[i]! && !NUMBER.test(field)) numeric[i] = false;
    }
  }
  if (problems.length > 0) throw unreadable(options, 'Rows that cannot be right', problems);
  if (rows === 0) throw unreadable(options, 'It has no rows below its header');
  return { names, rows, numeric, gaps };
}

function rowProblem(fields: readonly string[], width: number, classAt: number): string | null {
  if (fields.length !== width) return `Expected ${width} fields as in the first line, was ${fields.length}`;
  return MISSING.test(fields[classAt]!) ? 'Expected a class, was none' : null;
}

/** Codes of texts in the order in which they first appear. */
class Codes {
  private readonly places = new Map<string, number>();

  of(text: string): number {
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.places.size);
    return this.places.size - 1;
  }

  get names(): readonly string[] {
    return [...this.places.keys()];
  }
}

function filled(text: string, delimiter: Delimiter, look: Look, options: TableOptions): Table {
  const { names, rows, numeric, gaps } = look;
  const classAt = options.classAt === 'last' ? names.length - 1 : 0;
  const classCodes = new Codes();
  const classes = new Int32Array(rows);
  const stores = names.map((_, i) => ({
    numbers: numeric[i]! ? new Float64Array(rows) : new Float64Array(0),
    categories: new Int32Array(numeric[i]! ? 0 : rows),
    codes: new Codes(),
  }));
  let row = 0;
  for (const { fields } of dataOf(text, delimiter, options.header)) {
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      const missing = MISSING.test(field);
      const store = stores[i]!;
      if (i === classAt) classes[row] = classCodes.of(field);
      else if (numeric[i]!) store.numbers[row] = missing ? NaN : Number(field);
      else store.categories[row] = store.codes.of(missing ? MISSING_NAME : field);
    }
    row += 1;
  }
  const columns = names.flatMap((name, i): Column[] => {
    const { numbers, categories, codes } = stores[i]!;
    if (i === classAt) return [];
    if (numeric[i]!) return [{ name, kind: 'numeric', values: numbers, gaps: gaps[i]! }];
    return [{ name, kind: 'categorical', codes: categories, names: codes.names }];
  });
  return checked({ rows, columns, classes, classNames: classCodes.names }, options);
}

function checked(table: Table, options: TableOptions): Table {
  const count = table.classNames.length;
  if (count < 2) throw unreadable(options, `Expected at least two classes, was ${count}`);
  if (count > CLASSES_MAX || count > table.rows / 2) {
    throw unreadable(
      options,
      `The ${options.classAt} column has ${count} different values in ${table.rows} rows (${CLASSES_MAX} classes at most): is it the class?`,
    );
  }
  return table;
}
