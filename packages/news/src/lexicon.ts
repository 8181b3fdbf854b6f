import { wordsOf } from './tokens.js';

/** A word or phrase and how much it speaks for index futures: -3 strongly against, +3 strongly for. */
export interface LexiconTerm {
  readonly phrase: string;
  readonly weight: number;
}

export interface Lexicon {
  /** Goes into the method of every score: "lexicon:1", "user:5f7c3a0e". */
  readonly name: string;
  /** Weight of each phrase, its words joined by one blank. */
  readonly weights: ReadonlyMap<string, number>;
  /** Words in the longest phrase. */
  readonly longest: number;
}

export const PHRASE_WORDS_MAX = 6;
export const TERM_WEIGHT_MAX = 3;
export const LEXICON_TERMS_MAX = 20_000;

/** What is wrong with a term; null where nothing is. */
export function termProblem({ phrase, weight }: LexiconTerm): string | null {
  const words = wordsOf(phrase).length;
  if (words === 0) return 'Expected a word of letters or digits';
  if (words > PHRASE_WORDS_MAX) return `Expected at most ${PHRASE_WORDS_MAX} words`;
  if (!(Math.abs(weight) <= TERM_WEIGHT_MAX)) return `Expected a weight from -3 to 3, was ${weight}`;
  return null;
}

/** Of a phrase that stands twice, the last counts. Terms with a {@link termProblem} are left out. */
export function lexiconOf(name: string, terms: readonly LexiconTerm[]): Lexicon {
  const weights = new Map<string, number>();
  let longest = 0;
  for (const term of terms) {
    if (termProblem(term) !== null) continue;
    const words = wordsOf(term.phrase);
    weights.set(words.join(' '), term.weight);
    longest = Math.max(longest, words.length);
  }
  return { name, weights, longest };
}
