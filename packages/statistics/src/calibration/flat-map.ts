import { IDENTITY, type CalibrationMap } from './maps.js';

/** A map as manifests and journal entries have it: a name and numbers. */
export interface FlatMap {
  readonly method: CalibrationMap['kind'];
  /** platt: slope, intercept; beta: a, b, c; isotonic: input, output, input, output …; temperature: T; identity: none. */
  readonly parameters: readonly number[];
}

export function flatMap(map: CalibrationMap): FlatMap {
  switch (map.kind) {
    case 'identity':
      return { method: 'identity', parameters: [] };
    case 'platt':
      return { method: 'platt', parameters: [map.slope, map.intercept] };
    case 'beta':
      return { method: 'beta', parameters: [map.a, map.b, map.c] };
    case 'isotonic':
      return { method: 'isotonic', parameters: map.inputs.flatMap((input, i) => [input, map.outputs[i]!]) };
    case 'temperature':
      return { method: 'temperature', parameters: [map.temperature] };
  }
}

/** The map of a name and numbers, or null where they do not make one: too few, not rising, a temperature not above 0. */
export function mapOfFlat({ method, parameters }: FlatMap): CalibrationMap | null {
  if (!parameters.every(Number.isFinite)) return null;
  const [first = 0, second = 0, third = 0] = parameters;
  switch (method) {
    case 'identity':
      return parameters.length === 0 ? IDENTITY : null;
    case 'platt':
      return parameters.length === 2 ? { kind: 'platt', slope: first, intercept: second } : null;
    case 'beta':
      return parameters.length === 3 && first >= 0 && second >= 0
        ? { kind: 'beta', a: first, b: second, c: third }
        : null;
    case 'temperature':
      return parameters.length === 1 && first > 0 ? { kind: 'temperature', temperature: first } : null;
    case 'isotonic':
      return isotonicOf(parameters);
  }
}

function isotonicOf(parameters: readonly number[]): CalibrationMap | null {
  const inputs = parameters.filter((_, i) => i % 2 === 0);
  const outputs = parameters.filter((_, i) => i % 2 === 1);
  const rises = (values: readonly number[]): boolean =>
    values.every((value, i) => i === 0 || value >= values[i - 1]!);
  const whole = inputs.length > 0 && inputs.length === outputs.length && rises(inputs) && rises(outputs);
  return whole ? { kind: 'isotonic', inputs, outputs } : null;
}
