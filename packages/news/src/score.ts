import type { Lexicon } from './lexicon.js';
import { wordsOf } from './tokens.js';

export interface HeadlineScore {
  /** -1 against to +1 for index futures. */
  readonly score: number;
  /** 0 to 1: how many terms were known, and how far they agree. */
  readonly confidence: number;
  /** What was found, with its weight after negation and emphasis. */
  readonly found: readonly { readonly phrase: string; readonly weight: number }[];
}

/** Words between a negation and what it turns (domain.md 7.2). */
const NEGATION_REACH = 3;
/** A negated term says the opposite, less strongly: "not strong" is no crash. */
const NEGATED = -0.6;
/** The sum of weights at which the score is 1 / sqrt 2. */
const HALF_WAY = 3;

const NEGATIONS: ReadonlySet<string> = new Set(
  (
    "no not never neither nor without isn't aren't wasn't weren't doesn't don't didn't won't wouldn't can't cannot " +
    "couldn't shouldn't hasn't haven't hadn't lacks lacking denies denied deny rejects rejected rules unlikely fails failed"
  ).split(' '),
);
const EMPHASIS: ReadonlyMap<string, number> = new Map([
  ...'sharply massive massively huge hugely record severe severely dramatic dramatically extremely steep steeply'
    .split(' ')
    .map((word): [string, number] => [word, 1.5]),
  ...'very strongly heavily significantly far much deep deeply big major unexpectedly surprise'
    .split(' ')
    .map((word): [string, number] => [word, 1.3]),
  ...'slightly somewhat modestly mildly marginally partly little small minor briefly'
    .split(' ')
    .map((word): [string, number] => [word, 0.6]),
]);

interface Match {
  readonly phrase: string;
  readonly weight: number;
  readonly words: number;
}

function longestAt(words: readonly string[], at: number, { weights, longest }: Lexicon): Match | null {
  for (let count = Math.min(longest, words.length - at); count >= 1; count--) {
    const phrase = words.slice(at, at + count).join(' ');
    const weight = weights.get(phrase);
    if (weight !== undefined) return { phrase, weight, words: count };
  }
  return null;
}

/** The factor of the words before a term: an emphasis directly before it, a negation among the last three. */
function factorBefore(words: readonly string[], at: number, from: number): number {
  let factor = 1;
  for (let i = Math.max(from, at - NEGATION_REACH); i < at; i++) {
    const word = words[i]!;
    if (NEGATIONS.has(word)) factor *= NEGATED;
    else if (i === at - 1) factor *= EMPHASIS.get(word) ?? 1;
  }
  return factor;
}

/**
 * Scores a headline by its known words and phrases, the longest first; null where none is known. A word that is part of a
 * phrase negates and emphasises nothing outside of it.
 */
export function scoreHeadline(text: string, lexicon: Lexicon): HeadlineScore | null {
  const words = wordsOf(text);
  const found: { readonly phrase: string; readonly weight: number }[] = [];
  let from = 0;
  for (let at = 0; at < words.length;) {
    const match = longestAt(words, at, lexicon);
    if (match === null) {
      at += 1;
      continue;
    }
    found.push({ phrase: match.phrase, weight: match.weight * factorBefore(words, at, from) });
    at += match.words;
    from = at;
  }
  if (found.length === 0) return null;
  let sum = 0;
  let size = 0;
  for (const { weight } of found) {
    sum += weight;
    size += Math.abs(weight);
  }
  const score = sum / Math.sqrt(sum * sum + HALF_WAY * HALF_WAY);
  const agreement = size === 0 ? 0 : Math.abs(sum) / size;
  return { score, confidence: (agreement * found.length) / (found.length + 1), found };
}
