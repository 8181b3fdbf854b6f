import { uniformSource } from '@bellwether/kernel';
import type { ModelMetadata } from './metadata.js';

/** So many numbers in [-spread, spread), single precision, from a seed. */
export function randomNumbers(count: number, seed: string, spread: number): Float32Array {
  const uniform = uniformSource(seed);
  return Float32Array.from({ length: count }, () => (2 * uniform() - 1) * spread);
}

export function metadata(changed: Partial<ModelMetadata> = {}): ModelMetadata {
  return {
    model: 'regime_classifier',
    schema_sha256: 'a'.repeat(64),
    data_sha256: ['b'.repeat(64), 'c'.repeat(64)],
    data_origin: 'synthetic',
    seed: '7',
    command: 'bw train regime_classifier --seed 7',
    metrics: { log_loss: 0.625, brier: 0.25 },
    node_version: 'v20.20.2',
    details: { classes: 'calm up down wild' },
    ...changed,
  };
}
