/**
 * Goal: whatever format a file is in, the same bars come out of it, and it is told from the others by itself.
 * Method: made-up bars, written in every format by hand, read with nothing told but the symbol.
 */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { present } from '@bellwether/kernel';
import { firstDifference } from '@bellwether/testkit';
import type { BarSink } from './bar-sink.js';
import { containerOf, fileParts } from './file-bytes.js';
import { plainName } from './foreign-bars.js';
import { CONVENTIONS, FORMATS, type ForeignFormat } from './format-names.js';
import { InstrumentPicker } from './instrument-picker.js';
import { openForeignBars } from './open-foreign.js';
import { parserOf } from './parsers.js';
import { newFolder, options, readFile, rowOf, written } from './testing/read-file.js';
import { SAMPLES, sampleBarsOf } from './testing/samples.js';

const SESSIONS = 6;

let folder = '';
const bars = sampleBarsOf(SESSIONS);
const wanted = bars.map(rowOf);
const foreign = SAMPLES.filter(({ format }) => format !== 'bellwether_csv');

beforeAll(() => {
  folder = newFolder();
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

/** What a parser makes of a file that is given to it in pieces of so many bytes. */
async function parsed(file: string, format: ForeignFormat, piece: number): Promise<readonly unknown[]> {
  const name = plainName(file);
  const found: unknown[] = [];
  const sink: BarSink = {
    bar: (...bar) => void found.push(bar),
    problem: (place, message) => void found.push(`${place}: ${message}`),
  };
  const picker = new InstrumentPicker({ name, symbol: 'ES', contract: null, instrument: null });
  const parser = parserOf(format, { name, sink, picker });
  const container = containerOf(fs.readFileSync(file));
  if (container !== 'zip') parser.member(name);
  for await (const { member, bytes } of fileParts(file, name, container)) {
    if (member !== null) {
      parser.end();
      parser.member(member);
    }
    for (let at = 0; at < bytes.length; at += piece) parser.write(bytes.subarray(at, at + piece));
  }
  parser.end();
  return found;
}

describe('every format', () => {
  test('has a sample', () => {
    expect([...new Set(SAMPLES.map(({ format }) => format))].sort()).toEqual([...FORMATS].sort());
  });

  test.each(foreign)(
    '$file gives the bars, and is told by itself to be $format',
    async ({ file, format, bytes }) => {
      const read = await readFile(options(written(folder, file, bytes(bars))));
      expect(firstDifference(wanted, read.rows)).toBeNull();
      expect(read).toMatchObject({ kind: format, problems: [], duplicates: 0 });
      const { zone, stamp } = CONVENTIONS[format as keyof typeof CONVENTIONS];
      expect([read.zone, read.stamp]).toEqual([zone, stamp]);
      expect(read.evidence.join('\n')).toMatch(/volume at 08:30 Chicago in summer is about \d+ times/);
      expect(read.evidence.join('\n')).toMatch(/0 bars in the daily break and 6 at 17:00 Chicago in winter/);
    },
  );

  test.each(foreign)(
    '$file gives the same bars where its format is named',
    async ({ file, format, bytes }) => {
      const read = await readFile(options(written(folder, file, bytes(bars)), { format }));
      expect(firstDifference(wanted, read.rows)).toBeNull();
    },
  );

  test.each(foreign)('$file gives the same bars cut at any byte', async ({ file, format, bytes }) => {
    const few = written(folder, file, bytes(bars.slice(0, 40)));
    const whole = await parsed(few, format as ForeignFormat, 1e9);
    expect(whole).toHaveLength(40);
    for (const piece of [1, 3, 17, 64])
      expect(await parsed(few, format as ForeignFormat, piece)).toEqual(whole);
  });

  test('our own layout needs no importer', async () => {
    const own = SAMPLES.find(({ format }) => format === 'bellwether_csv');
    const file = written(folder, 'own.csv', present(own, 'the sample').bytes(bars));
    expect(await openForeignBars(options(file))).toBeNull();
  });
});
