export { INDEX_FUTURES_LEXICON, INDEX_FUTURES_TERMS } from './index-futures-lexicon.js';
export { LEXICON_TERMS_MAX, lexiconOf, termProblem, type Lexicon, type LexiconTerm } from './lexicon.js';
export { scoreHeadline, type HeadlineScore } from './score.js';
