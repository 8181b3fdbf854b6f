import { assert } from '@bellwether/kernel';
import type { Measure } from './measure.js';

/** The value of a measure that must have one; the failure says why it is missing. */
export function valueOf<T>(measure: Measure<T>): T {
  assert(measure.missing === null, `Expected a value, was missing: ${measure.missing ?? ''}`);
  return measure.value;
}
