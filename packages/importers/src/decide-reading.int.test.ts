/**
 * Goal: a zone is believed only where every bar of the file would be the same in all zones that fit.
 * Method: made-up bars across the end of daylight saving, in the layout that has two meanings.
 */
import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { firstDifference, generateSessions } from '@bellwether/testkit';
import { newFolder, options, readFile, refusal, rowOf, written } from './testing/read-file.js';
import { semicolonText } from './testing/text-files.js';

const CHICAGO = { zone: 'America/Chicago', stamp: 'open' } as const;

let folder = '';
beforeAll(() => {
  folder = newFolder();
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

const barsFrom = (firstTradeDate: number, sessions: number) => [
  ...generateSessions({ seed: 'clocks', symbol: 'ES', firstTradeDate, sessions, interval: '1m' }),
];

test('summer and the days after the clocks changed fit two zones, which is said', async () => {
  // The clocks went back on 2025-11-02; until 8 November the sessions count for no season.
  const file = written(folder, 'autumn.txt', semicolonText(barsFrom(20_251_013, 18), CHICAGO));
  const ended = await refusal(options(file));
  expect(ended.code).toBe('format_unclear');
  expect(ended.text).toMatch(
    /fit --zone Etc\/GMT\+5 --stamp open and --zone America\/Chicago --stamp open alike, and they differ on \d+ days such as 2025-11-0\d/,
  );
});

test('told the zone, every bar is where it was, before and after the change', async () => {
  const bars = barsFrom(20_251_013, 18);
  const file = written(folder, 'told.txt', semicolonText(bars, CHICAGO));
  const read = await readFile(options(file, CHICAGO));
  expect(firstDifference(bars.map(rowOf), read.rows)).toBeNull();
});

test('in summer alone both zones are the same, and nothing has to be told', async () => {
  const bars = barsFrom(20_250_714, 6);
  const file = written(folder, 'summer.txt', semicolonText(bars, CHICAGO));
  const read = await readFile(options(file));
  expect(firstDifference(bars.map(rowOf), read.rows)).toBeNull();
});
