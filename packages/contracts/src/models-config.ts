import { z } from 'zod';
import type { ModelsConfig } from './generated/messages.js';

/** `models:` of the book file: which models are asked, and what their answers do (packages/models). */

const US_PER_DAY = 86_400_000_000;
const share = z.number().min(0).max(1);

export const modelsSchema = z.strictObject({
  /** Models made of synthetic data may decide on market data. For trials: such a model knows nothing of a market. */
  allow_synthetic: z.boolean().default(false),
  /** Each off: the rule in its place, or nothing. They act under `policy: learned`. */
  regime: z.boolean().default(true),
  forecast: z.boolean().default(true),
  online: z.boolean().default(true),
  confidence: z.boolean().default(true),
  sizing: z.boolean().default(true),
  /** A model of the regime comes before the general one. */
  regime_variants: z.boolean().default(true),
  calibration: z.boolean().default(true),
  /** Weight of the network where both forecasts are there (architecture.md section 10). */
  cloud_weight: share.default(0.7),
  /** A model whose newest label is older counts as stale: it is not asked. */
  stale_after_days: z.number().min(1).max(3_650).default(365),
  /** An arm whose trade is less likely to end positive is not offered; 0 for never. */
  confidence_min: share.default(0),
  /** An arm against whose side the forecast speaks this clearly is not offered; 0 for never. */
  forecast_min: share.default(0),
});

export function modelsConfigOf(file: z.output<typeof modelsSchema>): ModelsConfig {
  return {
    allow_synthetic: file.allow_synthetic,
    regime: file.regime,
    forecast: file.forecast,
    online: file.online,
    confidence: file.confidence,
    regime_variants: file.regime_variants,
    calibration: file.calibration,
    cloud_weight: file.cloud_weight,
    stale_after_us: Math.round(file.stale_after_days * US_PER_DAY),
    confidence_min: file.confidence_min,
    forecast_min: file.forecast_min,
    fixed_size: !file.sizing,
    // The gate of packages/evidence sets these; a book file cannot.
    regime_shadow: false,
    forecast_shadow: false,
    confidence_shadow: false,
    sizing_shadow: false,
  };
}
