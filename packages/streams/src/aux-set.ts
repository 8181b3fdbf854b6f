/**
 * The numbers of the streams beside bars, in their order. Names and order are the schema that a model is trained on; its
 * hash goes with every vector. packages/streams/README.md has formulas, units and sources.
 */

export const AUX_SET_VERSION = 'aux-v1';

/** Code and name by index. */
export const AUX_NUMBERS: readonly (readonly [code: string, name: string])[] = [
  ['O1', 'putCallZ'],
  ['O2', 'unusualFlow'],
  ['O3', 'netGex'],
  ['O4', 'zeroGammaDist'],
  ['O5', 'callWallDist'],
  ['O6', 'putWallDist'],
  ['N1', 'newsScore'],
  ['N2', 'newsCount'],
  ['N3', 'newsRecency'],
  ['Z1', 'demandDist'],
  ['Z2', 'demandScore'],
  ['Z3', 'supplyDist'],
  ['Z4', 'supplyScore'],
  ['Y1', 'seasonMean'],
  ['Y2', 'seasonVolatility'],
  ['Y3', 'seasonWeight'],
  ['Y4', 'opex'],
  ['Y5', 'rollWeek'],
  ['Y6', 'halfDay'],
  ['Y7', 'monthEnd'],
  ['Y8', 'fomcDay'],
  ['Y9', 'cpiDay'],
  ['Y10', 'jobsDay'],
  ['E1', 'nextRelease'],
  ['E2', 'lastRelease'],
  ['E3', 'releaseProximity'],
];

/** Names by index of {@link AUX_NUMBERS}. */
export const AUX_NAMES: readonly string[] = AUX_NUMBERS.map(([, name]) => name);

/** Place of each number. */
export const AUX_AT = {
  O1: 0,
  O2: 1,
  O3: 2,
  O4: 3,
  O5: 4,
  O6: 5,
  N1: 6,
  N2: 7,
  N3: 8,
  Z1: 9,
  Z2: 10,
  Z3: 11,
  Z4: 12,
  Y1: 13,
  Y2: 14,
  Y3: 15,
  Y4: 16,
  Y5: 17,
  Y6: 18,
  Y7: 19,
  Y8: 20,
  Y9: 21,
  Y10: 22,
  E1: 23,
  E2: 24,
  E3: 25,
} as const;

/** The text that the schema hash is taken of. */
export function auxSchemaText(): string {
  return [AUX_SET_VERSION, ...AUX_NUMBERS.map(([code, name], index) => `${index} ${code} ${name}`)].join(
    '\n',
  );
}

/** SHA-256 of {@link auxSchemaText}, frozen: pure code has no hash function. A test computes it anew. */
export const AUX_SCHEMA_SHA256 = '9be187c4d3a8b5a9fe674f4f2efc7da31d02467e2937fc022dbd03c562766302';
