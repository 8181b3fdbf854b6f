import type { FeatureVector, ReasonCode } from '@bellwether/contracts';
import { FEATURES } from '../feature-set.js';

/** One number of a vector, or the reason why there is none. */
export type Told = { readonly value: number } | { readonly reason: ReasonCode };

/** The numbers of a vector by place. */
export function valuesOf(vector: FeatureVector): readonly Told[] {
  const told: Told[] = new Array<Told>(FEATURES.length);
  for (let i = 0; i < vector.present_index.length; i++) {
    told[vector.present_index[i]!] = { value: vector.present_value[i]! };
  }
  for (let i = 0; i < vector.masked_index.length; i++) {
    told[vector.masked_index[i]!] = { reason: vector.masked_reason[i]! };
  }
  return told;
}

/** How far two of them lie apart: 0 where the reason is the same, null where only one has a value. */
export function distanceOf(a: Told, b: Told): number | null {
  if ('value' in a && 'value' in b) return Math.abs(a.value - b.value);
  if ('reason' in a && 'reason' in b) return a.reason === b.reason ? 0 : null;
  return null;
}
