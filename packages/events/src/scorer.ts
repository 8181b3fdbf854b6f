import { INDEX_FUTURES_LEXICON, scoreHeadline, type Lexicon } from '@bellwether/news';

/** What gives a headline its score. The same headline always gets the same. */
export interface NewsScorer {
  /** Goes into the entry: "lexicon:1", "user:5f7c3a0e". */
  readonly method: string;
  /** Null where no word is known. */
  score(headline: string): { readonly score: number; readonly confidence: number } | null;
}

export function lexiconScorer(lexicon: Lexicon): NewsScorer {
  return {
    method: lexicon.name,
    score: (headline) => scoreHeadline(headline, lexicon),
  };
}

export const DEFAULT_SCORER: NewsScorer = lexiconScorer(INDEX_FUTURES_LEXICON);
