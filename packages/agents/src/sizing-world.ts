import { MULTIPLIER_MAX, MULTIPLIER_MIN, SIZING_OBSERVATIONS, SIZING_ORDER } from '@bellwether/model-slots';
import type { ActionSpace, ObservedQuantity } from './environment.js';

/** What the sizing stage shows an agent (packages/model-slots), for every world that it is trained in. */
export const sizingObservations: readonly ObservedQuantity[] = SIZING_ORDER.map((name) => ({
  name,
  ...SIZING_OBSERVATIONS[name],
}));

export const MULTIPLIER_ACTION: ActionSpace = {
  ...{ kind: 'range', low: MULTIPLIER_MIN, high: MULTIPLIER_MAX, unit: '1' },
  meaning: 'multiplier of the base size, before rounding, step limit and caps',
};
