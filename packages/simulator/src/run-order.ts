import { runSeed, type SeedResult } from './run-seed.js';
import type { SeedOrder } from './seed-worker.js';
import { INVARIANTS } from './violation.js';

/** One seed; where it is wanted twice, both histories must be the same. */
export async function runOrder({ seed, twice }: SeedOrder): Promise<SeedResult> {
  const first = await runSeed(seed);
  if (!twice || first.failure !== null) return first;
  const second = await runSeed(seed);
  if (second.history === first.history) return first;
  const message = `repeatable (${INVARIANTS.repeatable}): ${first.history} and ${second.history}`;
  return { ...first, failure: { invariant: 'repeatable', message, events: [] } };
}
