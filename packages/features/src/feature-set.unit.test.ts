import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { FEATURES, FEATURE_NAMES, schemaSha256, schemaText, warmUpBars } from './feature-set.js';
import { AT } from './vector-draft.js';

test('there are 43 features: 12 price, 8 volume, 15 technical, 4 regime, 4 context, in this order', () => {
  const letters = ['P', 'V', 'T', 'R', 'M'] as const;
  const counts = [12, 8, 15, 4, 4];
  const codes = letters.flatMap((letter, i) =>
    Array.from({ length: counts[i] ?? 0 }, (_, n) => `${letter}${n + 1}`),
  );
  expect(FEATURES.map((feature) => feature.code)).toEqual(codes);
  expect(new Set(FEATURE_NAMES).size).toBe(43);
});

test.each([60_000_000, 300_000_000])('the frozen schema hash of %i us is that of its text', (interval) => {
  expect(schemaSha256(interval)).toBe(createHash('sha256').update(schemaText(interval)).digest('hex'));
});

test('each bar interval has a schema of its own, other intervals have none', () => {
  expect(schemaSha256(60_000_000)).not.toBe(schemaSha256(300_000_000));
  expect(schemaSha256(120_000_000)).toBeNull();
});

test('the places in the vector are those of the list', () => {
  expect(Object.entries(AT)).toEqual(FEATURES.map(({ code }, index) => [code, index]));
});

test('windows count bars in either interval, but five-minute bars are whole bars in a five-minute book', () => {
  const bars = (code: string, interval_us: number): number =>
    FEATURES.filter((feature) => feature.code === code).reduce((_, one) => warmUpBars(one, interval_us), NaN);
  expect([bars('T1', 60_000_000), bars('T1', 300_000_000)]).toEqual([100, 100]);
  expect([bars('T2', 60_000_000), bars('T2', 300_000_000)]).toEqual([500, 100]);
  expect([bars('T4', 60_000_000), bars('T4', 300_000_000)]).toEqual([900, 180]);
});
