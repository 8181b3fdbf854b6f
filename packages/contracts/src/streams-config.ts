import { z } from 'zod';
import { centsOf, usd } from './book-units.js';
import type { StreamsConfig } from './generated/messages.js';

/** `streams:` of the book file: inputs beside bars (domain.md 7, packages/streams). */

const minutes = z.int().min(1).max(10_080);

const optionsSchema = z.strictObject({
  on: z.boolean().default(true),
  /** 1 where a positive gamma exposure of the source damps moves, -1 where it amplifies them. */
  gex_sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  /** Gamma exposure per 1 % move that counts as large. */
  gex_scale_usd: z.number().min(1).max(1e15).default(5e9),
  /** Flow in an option is unusual from this premium on. */
  unusual_premium_min_usd: usd(0).default(100_000),
  /** Flow that is older is delayed. */
  max_age_minutes: minutes.default(30),
  /** Unusual flow against the side from which a size is halved, 0 to 1; 0 for never. */
  halve_unusual: z.number().min(0).max(1).default(0),
});

const newsSchema = z.strictObject({
  on: z.boolean().default(true),
  /** After this time without a headline the source counts as delayed. */
  max_age_minutes: minutes.default(720),
  /** News score against the side from which nothing is entered, 0 to 1; 0 for never. */
  block_score: z.number().min(0).max(1).default(0),
});

const seasonalitySchema = z.strictObject({
  on: z.boolean().default(true),
  /** Usual return against the side, in standard errors, from which nothing is entered; 0 for never. */
  block_t: z.number().min(0).max(20).default(0),
});

const switchSchema = z.strictObject({ on: z.boolean().default(true) });

export const streamsSchema = z.strictObject({
  options: optionsSchema.prefault({}),
  news: newsSchema.prefault({}),
  /** Off: S10 has no zones, and the structure stop follows swings only. */
  zones: switchSchema.prefault({}),
  seasonality: seasonalitySchema.prefault({}),
  /** Off: releases are not known to any rule. */
  economic: switchSchema.prefault({}),
  /** Off: `heat_reduce` and `heat_block` do not bind. */
  heat: switchSchema.prefault({}),
});

export function streamsConfigOf(file: z.output<typeof streamsSchema>): StreamsConfig {
  const { options, news, seasonality } = file;
  return {
    options: options.on,
    news: news.on,
    zones: file.zones.on,
    seasonality: seasonality.on,
    economic: file.economic.on,
    heat: file.heat.on,
    gex_sign: options.gex_sign,
    gex_scale_usd: options.gex_scale_usd,
    unusual_premium_min_cents: centsOf(options.unusual_premium_min_usd),
    options_max_age_minutes: options.max_age_minutes,
    news_max_age_minutes: news.max_age_minutes,
    news_block_score: news.block_score,
    options_halve_unusual: options.halve_unusual,
    season_block_t: seasonality.block_t,
  };
}

/** What a release without a streams part means: the defaults of the book file. */
export const STREAMS_DEFAULTS: StreamsConfig = streamsConfigOf(streamsSchema.parse({}));
