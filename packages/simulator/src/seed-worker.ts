import { plantNamed } from './plants.js';
import { registerPlant } from './register-plant.js';
import type { SeedResult } from './run-seed.js';

/** What a worker is asked for: one seed, once or twice. */
export interface SeedOrder {
  readonly seed: number;
  /** Runs it a second time, which must give the same history. */
  readonly twice: boolean;
}

/** A process of its own that runs seeds as they are ordered. Its only argument is the plant, if any. */
async function work(): Promise<void> {
  const plant = plantNamed(process.argv[2] ?? '');
  if (plant !== null) registerPlant(plant);
  // After the registration, so that everything below is loaded with the plant in it.
  const { runOrder } = await import('./run-order.js');
  const tell = (result: SeedResult): void => void process.send?.(result);
  process.on('message', (order: SeedOrder) => {
    void runOrder(order).then(tell, (cause: unknown) => {
      process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
      process.exit(1);
    });
  });
}

await work();
