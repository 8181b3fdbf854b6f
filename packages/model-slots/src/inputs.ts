import type { FeatureVector } from '@bellwether/contracts';
import { FEATURES } from '@bellwether/features';

/**
 * What goes into each model: values, then a mask of the same form, 1 where the value is there. A missing value is 0 beside a
 * mask of 0, and the graph multiplies the two after normalising, so that no number stands in for it.
 */

export const FEATURE_COUNT = FEATURES.length;

/** `features [43]`, `mask [43]`. */
export function vectorInputs(vector: FeatureVector): Float32Array {
  const inputs = new Float32Array(2 * FEATURE_COUNT);
  fillVector(inputs, vector);
  return inputs;
}

export function fillVector(inputs: Float32Array, { present_index, present_value }: FeatureVector): void {
  for (let i = 0; i < present_index.length; i++) {
    const at = present_index[i]!;
    inputs[at] = present_value[i]!;
    inputs[FEATURE_COUNT + at] = 1;
  }
}

/** The numbers of a bar that the sequence model sees. */
export const SEQUENCE_CODES = ['P1', 'P9', 'P10', 'P11', 'V1', 'V3', 'V5', 'M1'] as const;
export const SEQUENCE_WIDTH = SEQUENCE_CODES.length;
/** Bars that it looks at, the newest last. */
export const SEQUENCE_BARS = 30;

const PLACE_OF = new Map(
  SEQUENCE_CODES.map((code, i) => [FEATURES.findIndex((feature) => feature.code === code), i]),
);

/** One bar of a sequence: values, then mask. */
export function sequenceRow({ present_index, present_value }: FeatureVector): readonly number[] {
  const row = new Array<number>(2 * SEQUENCE_WIDTH).fill(0);
  for (let i = 0; i < present_index.length; i++) {
    const at = PLACE_OF.get(present_index[i]!);
    if (at === undefined) continue;
    row[at] = present_value[i]!;
    row[SEQUENCE_WIDTH + at] = 1;
  }
  return row;
}

/** `features [30, 8]`, `mask [30, 8]` of the newest {@link SEQUENCE_BARS} rows. */
export function sequenceInputs(rows: readonly (readonly number[])[]): Float32Array {
  const size = SEQUENCE_BARS * SEQUENCE_WIDTH;
  const inputs = new Float32Array(2 * size);
  const first = rows.length - SEQUENCE_BARS;
  for (let bar = 0; bar < SEQUENCE_BARS; bar++) {
    const row = rows[first + bar]!;
    for (let k = 0; k < SEQUENCE_WIDTH; k++) {
      inputs[bar * SEQUENCE_WIDTH + k] = row[k]!;
      inputs[size + bar * SEQUENCE_WIDTH + k] = row[SEQUENCE_WIDTH + k]!;
    }
  }
  return inputs;
}
