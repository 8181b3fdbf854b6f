/** Goal: a map that went through a manifest is the same map, and numbers that make none are refused. */
import { describe, expect, it } from '@jest/globals';
import { flatMap, mapOfFlat, type FlatMap } from './flat-map.js';
import type { CalibrationMap } from './maps.js';

const MAPS: readonly CalibrationMap[] = [
  { kind: 'identity' },
  { kind: 'platt', slope: 0.4, intercept: -0.28 },
  { kind: 'beta', a: 0.3, b: 0.5, c: -0.1 },
  { kind: 'isotonic', inputs: [0.1, 0.4, 0.9], outputs: [0.2, 0.2, 0.8] },
  { kind: 'temperature', temperature: 2.5 },
];

describe('a flat map', () => {
  it.each(MAPS)('of $kind comes back', (map) => {
    expect(mapOfFlat(flatMap(map))).toEqual(map);
  });

  it.each<FlatMap>([
    { method: 'identity', parameters: [1] },
    { method: 'platt', parameters: [1] },
    { method: 'beta', parameters: [-1, 1, 0] },
    { method: 'temperature', parameters: [0] },
    { method: 'isotonic', parameters: [] },
    { method: 'isotonic', parameters: [0.1, 0.2, 0.5] },
    { method: 'isotonic', parameters: [0.5, 0.2, 0.1, 0.3] },
    { method: 'platt', parameters: [1, Number.NaN] },
  ])('of $method with $parameters is none', (flat) => {
    expect(mapOfFlat(flat)).toBeNull();
  });
});
