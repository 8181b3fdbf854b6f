import { COUNTERS, COUNTER_NAMES, type Counts } from './coverage.js';
import type { SeedResult } from './run-seed.js';
import type { LostSeed } from './seed-pool.js';

/** The one command that does it again. */
export function againCommand(seed: number, plant: string | null): string {
  const planted = plant === null ? '' : ` --plant ${plant}`;
  return `npm run sim -- --seeds 1 --from ${seed} --trace${planted}`;
}

/** What failed, how, and the last that happened before. */
export function failureText(result: SeedResult | LostSeed, plant: string | null): string {
  const { seed } = result;
  if ('lost' in result) return `FAILED seed ${seed}: ${result.lost}\n  again: ${againCommand(seed, plant)}\n`;
  const { failure, scenario } = result;
  if (failure === null) return '';
  return [
    `FAILED ${scenario}`,
    `  broken: ${failure.message}`,
    '  the last events:',
    ...failure.events.map((event) => `    ${event.slice(0, 300)}`),
    `  again: ${againCommand(seed, plant)}`,
    '',
  ].join('\n');
}

/** What the seeds went through. */
export function coverageTable(counts: Counts): string {
  const width = Math.max(...COUNTER_NAMES.map((name) => name.length));
  return COUNTER_NAMES.map(
    (name) => `  ${name.padEnd(width)} ${String(counts[name]).padStart(9)}  ${COUNTERS[name]}`,
  ).join('\n');
}

export interface PlantOutcome {
  readonly name: string;
  readonly bug: string;
  /** Null: not found. */
  readonly found: { readonly seed: number; readonly tried: number; readonly invariant: string } | null;
}

export function plantTable(outcomes: readonly PlantOutcome[]): string {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const rows = outcomes.map(({ name, bug, found }) => {
    const where = found === null ? 'NOT FOUND' : `seed ${found.seed} (${found.tried} tried)`;
    return `  ${name.padEnd(width)}  ${where.padEnd(22)}  ${(found?.invariant ?? '').padEnd(12)}  ${bug}`;
  });
  const heading = `  ${'plant'.padEnd(width)}  ${'found at'.padEnd(22)}  ${'invariant'.padEnd(12)}  bug`;
  return [heading, ...rows].join('\n');
}
