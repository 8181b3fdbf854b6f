import { describe, expect, it } from '@jest/globals';
import { INDEX_FUTURES_LEXICON, INDEX_FUTURES_TERMS } from './index-futures-lexicon.js';
import { lexiconOf, termProblem } from './lexicon.js';
import { scoreHeadline } from './score.js';

const scoreOf = (text: string): number | null => scoreHeadline(text, INDEX_FUTURES_LEXICON)?.score ?? null;

const FOR = [
  'Fed announces surprise rate cut',
  'Nvidia beats estimates, raises guidance',
  'Stocks surge to all-time high as inflation cools',
  'US and China reach trade deal',
  'Unemployment falls as hiring accelerates',
  'Fed\u2019s Powell sounds dovish in Jackson Hole',
  'Tariff pause sparks rally on Wall Street',
];
const AGAINST = [
  'Stocks plunge as recession fears grow',
  'Apple misses estimates, cuts guidance',
  'CPI hotter than expected, yields jump',
  'Trump threatens additional tariffs on China',
  'Bank failure sparks contagion fears',
  'Fed signals another rate hike',
  'Futures drop sharply after missile attack',
];
const NEGATED: readonly (readonly [string, -1 | 1])[] = [
  ['Fed is not expected to deliver a rate cut', 1],
  ['Powell: no rate cut this year', -1],
  ['No recession in sight, says Yellen', 1],
  ['Earnings are not strong', -1],
  ["Growth isn't slowing", 1],
  ['Without a trade deal markets wait', -1],
];

describe('the score of a headline', () => {
  it.each(FOR)('is above 0: %s', (text) => {
    expect(scoreOf(text)).toBeGreaterThan(0);
  });

  it.each(AGAINST)('is below 0: %s', (text) => {
    expect(scoreOf(text)).toBeLessThan(0);
  });

  // The first stands four words apart: the reach is three, and a test keeps it there.
  it.each(NEGATED)('turns with a negation within three words: %s', (text, sign) => {
    expect(Math.sign(scoreOf(text) ?? 0)).toBe(sign);
  });

  it('is null where no word is known, which is not 0', () => {
    expect(scoreOf('The committee meets on Tuesday in Basel')).toBeNull();
    expect(scoreOf('')).toBeNull();
  });

  it('has less confidence where words disagree, and more where several agree', () => {
    const mixed = scoreHeadline('Profit rises, but company warns', INDEX_FUTURES_LEXICON);
    const one = scoreHeadline('Stocks plunge', INDEX_FUTURES_LEXICON);
    const many = scoreHeadline('Stocks plunge in panic, banking crisis', INDEX_FUTURES_LEXICON);
    expect(mixed?.confidence).toBeLessThan(one?.confidence ?? 0);
    expect(many?.confidence).toBeGreaterThan(one?.confidence ?? 1);
  });

  it('grows with emphasis and takes the longest phrase', () => {
    expect(scoreOf('Index sharply lower')).toBeLessThan(scoreOf('Index lower') ?? -1);
    const found = scoreHeadline('Emergency rate cut', INDEX_FUTURES_LEXICON)?.found;
    expect(found).toEqual([{ phrase: 'emergency rate cut', weight: 3 }]);
  });
});

describe('the own lexicon', () => {
  it('has some hundreds of terms, each once and each valid', () => {
    expect(INDEX_FUTURES_TERMS.length).toBeGreaterThan(400);
    expect(INDEX_FUTURES_TERMS.filter((term) => termProblem(term) !== null)).toEqual([]);
    const phrases = INDEX_FUTURES_TERMS.map(({ phrase }) => phrase);
    expect(phrases.filter((phrase, i) => phrases.indexOf(phrase) < i)).toEqual([]);
  });

  it('may be replaced', () => {
    const own = lexiconOf('user:1', [{ phrase: 'Basel', weight: -2 }]);
    expect(scoreHeadline('The committee meets in Basel', own)?.score).toBeLessThan(0);
    expect(scoreHeadline('Stocks plunge', own)).toBeNull();
  });
});
