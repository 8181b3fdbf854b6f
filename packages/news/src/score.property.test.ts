import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INDEX_FUTURES_LEXICON } from './index-futures-lexicon.js';
import { scoreHeadline } from './score.js';

const HOSTILE = fc.constantFrom(
  '\u001b[31m',
  '\u202e',
  '\u0000',
  "'".repeat(50),
  '<script>',
  '${x}',
  '%s',
  '../',
  'not not not ',
  'rate cut ',
  '\ud800',
  '__proto__',
  'constructor',
  'toString',
  'crash ',
  '\u2019',
);
const text = fc
  .array(fc.oneof(HOSTILE, fc.string({ unit: 'binary' })), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('scoring untrusted text', () => {
  it('ends without an exception, and with numbers in their bounds or null', () => {
    fc.assert(
      fc.property(text, (headline) => {
        const result = scoreHeadline(headline, INDEX_FUTURES_LEXICON);
        if (result === null) return;
        expect(Math.abs(result.score)).toBeLessThanOrEqual(1);
        expect(result.confidence).toBeGreaterThanOrEqual(0);
        expect(result.confidence).toBeLessThanOrEqual(1);
        expect(scoreHeadline(headline, INDEX_FUTURES_LEXICON)).toEqual(result);
      }),
    );
  });

  it('looks at a bounded part of a text of any length', () => {
    const head = 'rate cut '.repeat(70);
    const long = scoreHeadline(`${head}${"'crash".repeat(200_000)}`, INDEX_FUTURES_LEXICON);
    expect(long?.found.every(({ phrase }) => phrase === 'rate cut')).toBe(true);
  });
});
