import type { Estimate as Measured, Measure } from '@bellwether/statistics';
import type { Estimate, Figure, MissingFigure } from './report-model.js';

/** A measure of `packages/statistics` as it stands in the report. */
export function figureOf(measure: Measure): Figure {
  return measure.missing === null ? { value: measure.value } : { missing: measure.missing };
}

/** The same with its interval. */
export function estimateOf({ point, interval }: Measured): Estimate {
  if (point.missing !== null) return { missing: point.missing };
  if (interval.missing !== null) return { value: point.value, interval_missing: interval.missing };
  return { value: point.value, low: interval.value.low, high: interval.value.high };
}

export function missingFigure(missing: MissingFigure): { readonly missing: MissingFigure } {
  return { missing };
}

/** The number, or null where it is missing. */
export function valueOf(figure: Figure | Estimate): number | null {
  return 'value' in figure ? figure.value : null;
}

/** The interval, or null where it is missing. */
export function intervalOf(estimate: Estimate): { readonly low: number; readonly high: number } | null {
  return 'low' in estimate ? { low: estimate.low, high: estimate.high } : null;
}
