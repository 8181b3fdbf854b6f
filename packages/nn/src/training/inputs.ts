import { assert } from '@bellwether/kernel';

/** By its own name: a member of a global is looked up at each call where tests run. */
const { fround } = Math;

/**
 * How raw features become a network's input: (value - mean) / deviation, column by column. With a mask the result is
 * multiplied by it, so that a missing value counts as the mean, and the mask's columns follow the features'. The exported
 * graph does the same with the same roundings.
 */
export interface InputEncoding {
  readonly means: Float32Array;
  readonly deviations: Float32Array;
  readonly masked: boolean;
}

/** Columns of a network's input. */
export function encodedWidth({ means, masked }: InputEncoding): number {
  return masked ? 2 * means.length : means.length;
}

/**
 * [rows, encodedWidth] from features and mask, [rows, columns] each; the mask is 1 where a value is known and 0 where it
 * is missing, and a missing value is any finite number. A sequence is given as so many rows as it has steps.
 */
export function encodeInputs(
  encoding: InputEncoding,
  features: Float32Array,
  mask: Float32Array | null,
): Float32Array {
  const { means, deviations, masked } = encoding;
  const columns = means.length;
  assert(features.length % columns === 0, 'The features are whole rows');
  assert(!masked || mask?.length === features.length, 'The mask has the shape of the features');
  const rows = features.length / columns;
  const width = encodedWidth(encoding);
  const encoded = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) {
      const from = row * columns + j;
      const to = row * width + j;
      encoded[to] = fround(features[from]! - means[j]!) / deviations[j]!;
      if (mask === null || !masked) continue;
      encoded[to] *= mask[from]!;
      encoded[to + columns] = mask[from]!;
    }
  }
  return encoded;
}

/** Least deviation of a column, as a share of its largest number: a column that never moves is not blown up. */
const DEVIATION_LEAST = 1e-6;

/** Mean and deviation of each column over the known values of training rows; a column without any has 0 and 1. */
export function fitEncoding(
  features: Float32Array,
  mask: Float32Array | null,
  columns: number,
  masked: boolean,
): InputEncoding {
  const [means, deviations] = [new Float32Array(columns), new Float32Array(columns)];
  const rows = features.length / columns;
  for (let j = 0; j < columns; j++) {
    const known: number[] = [];
    for (let row = 0; row < rows; row++) {
      const at = row * columns + j;
      if (mask === null || mask[at]! > 0) known.push(features[at]!);
    }
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
    const square = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length);
    const largest = known.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    means[j] = mean;
    const deviation = Math.sqrt(square);
    deviations[j] = deviation > DEVIATION_LEAST * largest ? deviation : 1;
  }
  return { means, deviations, masked };
}
