/** Goal: what happened to the models of a book is read in plain words. Given/when/then on entries. */
import { expect, it } from '@jest/globals';
import { DataOrigin } from '@bellwether/contracts';
import { promotionEntry, reviewEntry } from '@bellwether/ingestion';
import { retirementOf, reviewEntryOf } from '@bellwether/models';
import { cameIn } from './entry-lines.js';

const change = {
  at_us: 5,
  slot: 'rl_model',
  action: 'reviewed',
  version: '7',
  sha256: '',
  by: 'bw',
} as const;

it('tells of a review, with its numbers, and that it changed nothing', () => {
  const review = reviewEntryOf('rl_model', 'calm_chop', { ...change, reason: 'not passed: rows 3' });
  const lines = cameIn(reviewEntry('es', review, 5, 9));
  expect(lines.slice(2)).toEqual([
    'rl_model@calm_chop: version 7, reviewed',
    'nobody else decides because of it',
    'not passed: rows 3',
  ]);
});

it('tells why a place is empty, and lets no note move the cursor', () => {
  const lines = cameIn(
    promotionEntry('es', retirementOf('rl_model', null, 'a\u001b[2Jb'), 9, DataOrigin.MARKET),
  );
  expect(lines.slice(2)).toEqual(['rl_model: no model, retired', 'a [2Jb']);
});
