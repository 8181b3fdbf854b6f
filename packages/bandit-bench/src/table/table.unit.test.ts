/**
 * Goal: a table of any delimiter is read as it stands, or refused with every problem. Method: small texts.
 */
import { describe, expect, test } from '@jest/globals';
import { BellwetherError } from '@bellwether/contracts';
import { readTable, type Table, type TableOptions } from './table.js';

const read = (text: string, options: Partial<TableOptions> = {}): Table =>
  readTable(text, { name: 'a.csv', header: true, classAt: 'last', ...options });

/** Columns as plain lists. */
const shown = ({ columns, classes, classNames }: Table) => ({
  columns: columns.map((column) =>
    column.kind === 'numeric'
      ? [column.name, ...column.values]
      : [column.name, ...[...column.codes].map((code) => column.names[code])],
  ),
  classes: [...classes].map((code) => classNames[code]),
});

const EXPECTED = {
  columns: [
    ['size', 1, 2.5, NaN, -3e2],
    ['colour', 'red', 'dark; "blue", light', '', 'red'],
  ],
  classes: ['yes', 'no', 'yes', 'no'],
};
const ROWS = [
  ['size', 'colour', 'edible'],
  ['1', 'red', 'yes'],
  ['2.5', '"dark; ""blue"", light"', 'no'],
  ['?', 'NA', 'yes'],
  ['-3e2', 'red', 'no'],
];

describe('a table', () => {
  test.each([
    ['commas', ',', '\n', ''],
    ['commas, CRLF and a byte order mark', ',', '\r\n', '\u{feff}'],
    ['semicolons with blanks', ' ; ', '\n', ''],
    ['tabs below a comment', '\t', '\n', '# a comment, with a comma\n\n'],
  ])('is read from %s', (_name, delimiter, end, before) => {
    const text = `${before}${ROWS.map((row) => row.join(delimiter)).join(end)}${end}${end}`;
    expect(shown(read(text))).toEqual(EXPECTED);
  });

  test('is read from blanks, without a header, and with the class first', () => {
    const table = read('  1 0.5   7\n 2 1.5 8\n 1 .5 9 \n2 0 8\n', { header: false, classAt: 'first' });
    expect(shown(table)).toEqual({
      columns: [
        ['column 2', 0.5, 1.5, 0.5, 0],
        ['column 3', 7, 8, 9, 8],
      ],
      classes: ['1', '2', '1', '2'],
    });
  });

  test('may hold line ends in quotes', () => {
    const table = read('a,"b ""c"""\n"one\ntwo",x\nthree,y\none,x\nfour,y\n');
    expect(shown(table).columns).toEqual([['a', 'one\ntwo', 'three', 'one', 'four']]);
  });

  test('takes what looks like a number among words for a word', () => {
    expect(read('a,b\n1,x\n0x10,y\n2,x\n3,y\n').columns[0]?.kind).toBe('categorical');
  });

  test('takes numbered columns for a header', () => {
    expect(read('0,1,class\n5,6,x\n5,6,y\n5,6,x\n5,6,y\n').rows).toBe(4);
    expect(read('0,1,2\n5,6,1\n5,6,2\n5,6,1\n5,6,2\n').rows).toBe(4);
  });
});

describe('a table is refused', () => {
  const codeOf = (text: string): readonly unknown[] => {
    try {
      read(text);
      return ['read'];
    } catch (cause) {
      if (!(cause instanceof BellwetherError)) throw cause;
      return [cause.code, cause.detail, ...cause.problems.map(({ path }) => path)];
    }
  };

  test.each([
    ['empty', '', ['data_unreadable', 'a.csv: It is empty']],
    ['one column', 'a\n1\n', ['data_unreadable', expect.stringContaining('one field only')]],
    ['only a header', 'a,b\n', ['data_unreadable', expect.stringContaining('no rows')]],
    ['no header', '1.5,2\n3.5,4\n', ['format_unclear', expect.stringContaining('--no-header')]],
    [
      'an open quote',
      'a,b\n"1,x\n2,y\n',
      ['data_unreadable', expect.stringContaining('line 2 does not end')],
    ],
    ['one class', 'a,b\n1,x\n2,x\n', ['data_unreadable', expect.stringContaining('at least two classes')]],
    [
      'a class that is a number',
      'a,b\n1,1.1\n2,1.2\n3,1.3\n',
      ['data_unreadable', expect.stringContaining('is it the class?')],
    ],
    [
      'all bad rows at once',
      'a,b\n1\n2,x\n3,4,5\n6,?\n',
      ['data_unreadable', expect.any(String), 'line 2', 'line 4', 'line 5'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(codeOf(text)).toEqual(expected);
  });
});
