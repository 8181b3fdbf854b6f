import type { Column, Table } from './table.js';

/**
 * A row as the policies see it, the same for all of them. Numbers are standardised with mean and deviation of the rows seen so
 * far, this one included: nothing of a later row is known. Categories are one column each, beginning with the row in which
 * they first appear; those beyond the bound share one. A number that is missing is 0 beside a column that says so. Last
 * stands a 1.
 */
export interface Encoder {
  readonly width: number;
  encode(row: number): Float64Array;
}

/** Standardised numbers are held within so many deviations. */
const Z_MAX = 5;
/** Columns of one category column, the shared one included. */
const SLOTS_MAX = 65;
const WIDTH_AIM = 1_024;

interface Part {
  readonly width: number;
  write(row: number, into: Float64Array, at: number): void;
}

function numericPart({ values, gaps }: Extract<Column, { kind: 'numeric' }>): Part {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    width: gaps ? 2 : 1,
    write(row, into, at) {
      const value = values[row]!;
      if (Number.isNaN(value)) {
        into[at + 1] = 1;
        return;
      }
      count += 1;
      const distance = value - mean;
      mean += distance / count;
      squares += distance * (value - mean);
      const deviation = Math.sqrt(squares / count);
      if (deviation > 0) into[at] = Math.max(-Z_MAX, Math.min(Z_MAX, (value - mean) / deviation));
    },
  };
}

function categoricalPart({ codes, names }: Extract<Column, { kind: 'categorical' }>, slotsMax: number): Part {
  const width = Math.min(names.length, slotsMax);
  /** Slot of each code, given out as they appear in the order of the rounds. */
  const slots = new Map<number, number>();
  return {
    width,
    write(row, into, at) {
      const code = codes[row]!;
      const slot = slots.get(code) ?? Math.min(slots.size, width - 1);
      slots.set(code, slot);
      into[at + slot] = 1;
    },
  };
}

export function runningEncoder({ columns }: Table): Encoder {
  const categories = columns.filter(({ kind }) => kind === 'categorical').length;
  const room = Math.floor((WIDTH_AIM - columns.length) / Math.max(1, categories));
  const slotsMax = Math.max(2, Math.min(SLOTS_MAX, room));
  const parts = columns.map((column) =>
    column.kind === 'numeric' ? numericPart(column) : categoricalPart(column, slotsMax),
  );
  const width = parts.reduce((sum, part) => sum + part.width, 1);
  return {
    width,
    encode(row) {
      const x = new Float64Array(width);
      let at = 0;
      for (const part of parts) {
        part.write(row, x, at);
        at += part.width;
      }
      x[width - 1] = 1;
      return x;
    },
  };
}

/**
 * The recipe of the published LinUCB figures (uclaml/NeuralTS @ 5b3d23aa): categories as codes in the order of their names,
 * missing is -1, each row scaled to unit length, no bias. The order of names is known beforehand, as it was there.
 */
export function ordinalEncoder({ columns }: Table): Encoder {
  const ranks = columns.map((column) => {
    if (column.kind === 'numeric') return [];
    const sorted = column.names.filter((name) => name !== '').sort();
    return column.names.map((name) => sorted.indexOf(name));
  });
  return {
    width: columns.length,
    encode(row) {
      const x = Float64Array.from(columns, (column, i) => {
        if (column.kind === 'categorical') return ranks[i]![column.codes[row]!]!;
        const value = column.values[row]!;
        return Number.isNaN(value) ? -1 : value;
      });
      const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
      return length === 0 ? x : x.map((value) => value / length);
    },
  };
}
