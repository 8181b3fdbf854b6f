import type { NewsItem } from '@bellwether/contracts';
import { concerns } from './underlyings.js';

const MINUTE_US = 60_000_000;
/** domain.md 7.2. */
const HALF_LIFE_US = 30 * MINUTE_US;
const SAME_WITHIN_US = 30 * MINUTE_US;
/** Six half-lives: what is older counts a hundredth. */
const COUNTED_US = 180 * MINUTE_US;
export const NEWS_MAX = 128;

interface KnownItem {
  /** Lower case, letters and digits only: what makes two headlines the same. */
  readonly headline: string;
  readonly event_us: number;
  readonly symbols: readonly string[];
  /** Null where the item has no score, or no confidence: it counts, and says nothing of a direction. */
  readonly score: number | null;
  readonly confidence: number;
}

/** The newest headlines, by the time at which they came. */
export interface News {
  /** Publication of the newest one. */
  readonly last_us: number | null;
  readonly items: readonly KnownItem[];
}

export const NO_NEWS: News = { last_us: null, items: [] };

function normalised(headline: string): string {
  return headline
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The news with one more headline. One that repeats another of the same half hour changes only how fresh the source is. */
export function withNews(news: News, item: NewsItem, event_us: number): News {
  const last_us = Math.max(news.last_us ?? event_us, event_us);
  const headline = normalised(item.headline);
  const repeated = news.items.some(
    (known) => known.headline === headline && Math.abs(known.event_us - event_us) < SAME_WITHIN_US,
  );
  const kept = news.items.filter((known) => last_us - known.event_us < COUNTED_US);
  if (repeated) return { last_us, items: kept };
  const { score, confidence } = item;
  const scored = score !== null && confidence !== null;
  const added: KnownItem = {
    headline,
    event_us,
    symbols: item.symbols,
    score: scored ? score : null,
    confidence: scored ? confidence : 0,
  };
  return { last_us, items: [...kept, added].slice(-NEWS_MAX) };
}

export interface NewsReading {
  /** sum(score * confidence * decay) / sum(confidence * decay); null without a scored headline. */
  readonly score: number | null;
  readonly count: number;
  /** Null without a headline that concerns the symbol. */
  readonly minutes_since_last: number | null;
}

/** What the headlines of the last three hours say of a symbol (domain.md 7.2). */
export function newsAt({ items }: News, symbol: string, now_us: number): NewsReading {
  let weighted = 0;
  let weights = 0;
  let count = 0;
  let age_us = Infinity;
  for (const item of items) {
    const since_us = Math.max(0, now_us - item.event_us);
    if (since_us >= COUNTED_US || !concerns(item.symbols, symbol)) continue;
    count += 1;
    age_us = Math.min(age_us, since_us);
    if (item.score === null) continue;
    const weight = item.confidence * 2 ** (-since_us / HALF_LIFE_US);
    weighted += weight * item.score;
    weights += weight;
  }
  return {
    score: weights > 0 ? weighted / weights : null,
    count,
    minutes_since_last: count === 0 ? null : age_us / MINUTE_US,
  };
}
