import type { DataPlan } from '../data/data-plan.js';

/** What stages need to know to refuse a model for its age. */
export interface AgedModel {
  readonly model: string;
  readonly version: string;
  readonly trained_until_us: number;
}

/**
 * Models that are too old on the first tested bar already: the stages refuse them as `model_stale` all along, so nothing can be said of
 * the parts that ask them. By name of the place.
 */
export function staleAt<Aged extends AgedModel>(
  promotions: readonly Aged[],
  stale_after_us: number,
  tested_from_us: number | null,
): readonly Aged[] {
  if (tested_from_us === null) return [];
  return promotions.filter(
    ({ version, trained_until_us }) => version !== '' && tested_from_us - trained_until_us > stale_after_us,
  );
}

const dayOf = (us: number): string => new Date(us / 1_000).toISOString().slice(0, 10);

/** Why a part whose model is stale cannot be looked at. */
export const staleWhy = ({ model, trained_until_us }: AgedModel): string =>
  `${model} learned until ${dayOf(trained_until_us)} and is stale on these days (models.stale_after_days), so it is never asked`;

/** How long a model of this plan is fresh. */
export const freshFor = ({ settings }: DataPlan): number =>
  settings.config.models?.stale_after_us ?? Infinity;
