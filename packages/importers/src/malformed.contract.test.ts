/**
 * Goal: whatever is wrong with a file is said in words that help, with a stable code, and nothing else ever comes out.
 * Method: files that are wrong in one way each, the same ways in every format; the table of them stands in testing/malformed.ts.
 */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONVENTIONS, type FormatName } from './format-names.js';
import type { ForeignOptions } from './open-foreign.js';
import { newFolder, options, readFile, refusal, rowOf, written } from './testing/read-file.js';
import { MALFORMED } from './testing/malformed.js';
import { SAMPLES, sampleBarsOf } from './testing/samples.js';

let folder = '';
const bars = sampleBarsOf(6);
const foreign = SAMPLES.filter(({ format }) => format !== 'bellwether_csv');

beforeAll(() => {
  folder = newFolder();
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

describe('a file that is wrong or unclear', () => {
  test.each(MALFORMED)('$what: $code', async ({ file, bytes, options: more, code, message }) => {
    const ended = await refusal(options(written(folder, file, bytes(bars)), more));
    expect(ended).toEqual({ code, text: expect.stringMatching(message) });
  });
});

describe('repeated and unsorted rows', () => {
  const few = bars.slice(0, 1_500);
  /** All that a format leaves open, told: so few bars do not show it. */
  const told = (format: FormatName): Partial<ForeignOptions> => {
    if (format === 'bellwether_csv' || !CONVENTIONS[format].wall) return { format };
    const { zone, stamp } = CONVENTIONS[format];
    return { format, zone, stamp };
  };

  // Trades of one time are different trades.
  test.each(foreign.filter(({ file }) => file !== 'ES-trades.scid'))(
    '$file: of two rows with one stamp the later counts, and they are counted',
    async (sample) => {
      const place = 700;
      const later = { ...few[place]!, volume: 4_321 };
      const twice = [...few.slice(0, place + 1), later, ...few.slice(place + 1)];
      const { file, format, bytes } = sample;
      const read = await readFile(options(written(folder, file, bytes(twice)), told(format)));
      // Files that are written newest first have the other of the two last.
      const newestFirst = format === 'iqfeed' || format === 'projectx';
      const volume = few[place]!.volume ?? 0;
      const kept = newestFirst ? volume : 4_321;
      expect(read.rows).toHaveLength(few.length);
      expect(read.rows[place]).toEqual({ ...rowOf(few[place]!), volume: kept });
      expect(format === 'scid' ? read.evidence.join() : read.duplicates).toEqual(
        format === 'scid' ? expect.stringContaining('1 bars gave way') : 1,
      );
    },
  );

  // A .scid file is in order by its nature, and a LEAN zip is read by the dates of its members.
  const orderly = ['scid', 'lean'];
  test.each(foreign.filter(({ format }) => !orderly.includes(format)))(
    '$file: rows out of order are sorted',
    async (sample) => {
      const { file, format, bytes } = sample;
      const mixed = [...few.slice(500), ...few.slice(0, 500)];
      const read = await readFile(options(written(folder, file, bytes(mixed)), told(format)));
      expect(read.rows.map(({ open_us }) => open_us)).toEqual(few.map(({ open_us }) => open_us));
      expect(read.in_order).toBe(false);
    },
  );
});
