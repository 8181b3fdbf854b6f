/**
 * Goal: the simulator can fail. Method: each planted bug, in processes of their own, from a seed that finds it soon. When a
 * change of the product or of the simulator moves the histories, the seed behind it is found by
 * `npm run sim -- --plant NAME`.
 */
import { expect, it } from '@jest/globals';
import { PLANTS } from './plants.js';
import { checkPlant } from './register-plant.js';
import { runPool } from './seed-pool.js';

/** First seeds of the search; 1 where nothing is named. */
const FROM: Readonly<Record<string, number>> = { 'trust-snapshot': 61 };
const SEEDS_MAX = 60;

it.each(PLANTS.map((plant) => ({ ...plant, from: FROM[plant.name] ?? 1 })))(
  '$name is found: $bug',
  async ({ name, from }) => {
    const found: string[] = [];
    await runPool({
      ...{ from, seeds: SEEDS_MAX, jobs: 1, plant: name, twiceEvery: Number.MAX_SAFE_INTEGER },
      onResult: (result) => {
        if ('lost' in result) found.push(result.lost);
        else if (result.failure !== null) found.push(result.failure.invariant);
        return found.length === 0;
      },
    });
    expect(found).toEqual([
      expect.stringMatching(/^(numbered|covered|latched|account|stop|runs|settles|recomputed|audited)$/),
    ]);
  },
);

it('every plant fits the compiled file that it is put into', () => {
  for (const plant of PLANTS) expect(checkPlant(plant).plant).toBe(plant.name);
});
