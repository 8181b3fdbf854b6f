import { Worker } from 'node:worker_threads';
import type { SeedResult } from './read-seed.js';
import type { FuzzTask } from './worker.js';

/** Longest time that one damaged file of some kilobytes may take before it counts as hanging. */
const SEED_MS_MAX = 20_000;
const HEAP_MB_MAX = 256;

/**
 * Reads the damaged files of these seeds in a thread of their own, which is ended where a file takes too long: a loop
 * without end would end nothing by itself. Gives what became of each.
 */
export async function runSeeds(task: FuzzTask, onResult: (result: SeedResult) => void): Promise<void> {
  let again = -1;
  for (let from = task.from; from < task.until;) {
    const next = await runUntilStuck({ ...task, from }, onResult, again);
    // A machine that stood still for a while is no file that hangs: the seed is read once more.
    again = next.stuck ? next.seed : -1;
    from = next.seed;
  }
}

/** Where to go on, and whether it is a seed that did not answer. */
interface Next {
  readonly seed: number;
  readonly stuck: boolean;
}

/** `again` is a seed that did not answer the first time. */
async function runUntilStuck(
  task: FuzzTask,
  onResult: (result: SeedResult) => void,
  again: number,
): Promise<Next> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  let next = task.from;
  let isStuck = false;
  const crash = (detail: string): void => {
    onResult({ seed: next, base: 'not known', outcome: 'crash', detail, rss_mb: 0 });
    next++;
  };
  return new Promise((resolve) => {
    const stuck = (): void => {
      if (next === again) crash(`No answer within ${SEED_MS_MAX} ms, twice`);
      else isStuck = true;
      void worker.terminate();
    };
    let timer = setTimeout(stuck, SEED_MS_MAX);
    worker.on('message', (result: SeedResult) => {
      clearTimeout(timer);
      next = result.seed + 1;
      onResult(result);
      timer = setTimeout(stuck, SEED_MS_MAX);
    });
    worker.on('error', (error) => {
      crash(error.message);
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve({ seed: next, stuck: isStuck });
    });
  });
}
