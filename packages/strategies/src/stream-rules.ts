import { ReasonCode, STREAMS_DEFAULTS } from '@bellwether/contracts';
import { signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StreamReadings } from './strategy.js';

/** Nothing is known, and nothing acts. */
export const NO_READINGS: StreamReadings = {
  news_score: null,
  unusual_flow: null,
  season_t: null,
  config: STREAMS_DEFAULTS,
};

/** Share of the size that is left where unusual option flow is against it. */
const HALVED = 0.5;

/**
 * What streams beside bars do to a trade that a strategy or a caller would make, by the bounds of the book
 * (packages/streams/README.md). A bound of 0 never acts, and what is missing speaks against nothing. No stream makes a trade.
 */
export function underStreams({ streams }: StrategyContext, evaluation: Evaluation): Evaluation {
  if (!('setup' in evaluation)) return evaluation;
  const { setup } = evaluation;
  const { config, news_score, season_t, unusual_flow } = streams;
  const sign = signOf(setup.side);
  const isAgainst = (value: number | null, bound: number): boolean =>
    bound > 0 && value !== null && -sign * value >= bound;
  if (isAgainst(news_score, config.news_block_score)) return { reason: ReasonCode.NEWS_AGAINST };
  if (isAgainst(season_t, config.season_block_t)) return { reason: ReasonCode.SEASON_AGAINST };
  if (!isAgainst(unusual_flow, config.options_halve_unusual)) return evaluation;
  return { setup: { ...setup, size_factor: setup.size_factor * HALVED } };
}
