/**
 * Goal: a context is made of what was seen up to its round, and of nothing later. Method: tables that are equal up to a row
 * and differ behind it give the same contexts up to it.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ordinalEncoder, runningEncoder } from './encoder.js';
import { readTable, type Table } from './table.js';

const fields = fc.record({
  number: fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(null)),
  word: fc.constantFrom('a', 'b', 'c', 'd', null),
});
interface Fields {
  readonly number: number | null;
  readonly word: string | null;
}

const tableOf = (rows: readonly Fields[]): Table =>
  readTable(
    [
      'number,word,class',
      // Two rows that hold every kind, so that widths are the same.
      ...['?,e,x', '1,?,y', '1,a,x', '1,b,x', '1,c,y', '1,d,y'],
      ...rows.map(({ number, word }, i) => `${number ?? '?'},${word ?? ''},${i % 2 === 0 ? 'x' : 'y'}`),
    ].join('\n'),
    { name: 'made up', header: true, classAt: 'last' },
  );

describe('the running encoder', () => {
  test('knows nothing of later rows', () => {
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 12 }), fc.array(fields), fc.array(fields), (common, a, b) => {
        const [one, other] = [tableOf([...common, ...a]), tableOf([...common, ...b])];
        const [first, second] = [runningEncoder(one), runningEncoder(other)];
        for (let row = 0; row < common.length + 6; row++) {
          expect(first.encode(row)).toEqual(second.encode(row));
        }
      }),
    );
  });

  test('standardises by the rows so far, holds far ones, and marks what is missing', () => {
    const table = readTable('n,k,class\n1,5,x\n3,5,y\n?,5,x\n1e9,5,y\n', {
      ...{ name: 'made up', header: true, classAt: 'last' },
    });
    const encoder = runningEncoder(table);
    const rows = [0, 1, 2, 3].map((row) => [...encoder.encode(row)]);
    // Number, whether it is missing, a constant, 1.
    expect(rows.slice(0, 3)).toEqual([
      [0, 0, 0, 1],
      [1, 0, 0, 1],
      [0, 1, 0, 1],
    ]);
    expect(rows[3]?.[0]).toBeCloseTo(Math.SQRT2, 6);
  });

  test('gives categories beyond the bound one place', () => {
    const rows = Array.from({ length: 200 }, (_, i) => `w${i},${i % 2}`);
    const table = readTable(['w,class', ...rows].join('\n'), { name: 'm', header: true, classAt: 'last' });
    const encoder = runningEncoder(table);
    expect(encoder.width).toBe(66);
    const hot = Array.from({ length: 200 }, (_, row) => encoder.encode(row).indexOf(1));
    expect(hot.slice(0, 66)).toEqual([...Array.from({ length: 64 }, (_, i) => i), 64, 64]);
    expect(new Set(hot.slice(64))).toEqual(new Set([64]));
  });
});

describe('the ordinal encoder', () => {
  test('is the published recipe: codes by name, missing -1, unit length', () => {
    const table = readTable('n,w,class\n3,b,x\n0,?,y\n?,a,x\n0,a,y\n', {
      ...{ name: 'made up', header: true, classAt: 'last' },
    });
    const encoder = ordinalEncoder(table);
    const rows = [0, 1, 2, 3].map((row) => [...encoder.encode(row)]);
    expect(rows[0]).toEqual([3 / Math.sqrt(10), 1 / Math.sqrt(10)]);
    expect(rows.slice(1)).toEqual([
      [0, -1],
      [-1, 0],
      [0, 0],
    ]);
  });
});
