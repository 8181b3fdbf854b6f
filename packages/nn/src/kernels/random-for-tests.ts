import { uniformSource } from '@bellwether/kernel';

/** So many numbers in [-spread, spread), single precision, from a seed. */
export function randomNumbers(count: number, seed: string, spread = 1): Float32Array {
  const uniform = uniformSource(seed);
  return Float32Array.from({ length: count }, () => (2 * uniform() - 1) * spread);
}
