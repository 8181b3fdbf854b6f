import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SeedResult } from './run-seed.js';
import type { SeedOrder } from './seed-worker.js';

export interface PoolOptions {
  readonly from: number;
  readonly seeds: number;
  readonly jobs: number;
  /** Name of a planted bug, or null. */
  readonly plant: string | null;
  /** Every so many seeds one is run twice. */
  readonly twiceEvery: number;
  /** Told each result as it comes, not in order. False: no further seed is begun. */
  readonly onResult: (result: SeedResult | LostSeed) => boolean;
}

/** A seed whose process died or never answered. */
export interface LostSeed {
  readonly seed: number;
  readonly lost: string;
}

/** A run takes a fraction of a second: one that takes this long goes round in circles. */
const SEED_MAX_MS = 120_000;

const WORKER = fileURLToPath(new URL('./seed-worker.js', import.meta.url));

/** Runs seeds in processes side by side. A process that dies costs its seed, not the others. */
export async function runPool(options: PoolOptions): Promise<void> {
  const until = options.from + options.seeds;
  let next = options.from;
  let wanted = true;
  const take = (): number | null => {
    if (!wanted || next >= until) return null;
    next += 1;
    return next - 1;
  };
  const lane = async (): Promise<void> => {
    let worker: ChildProcess | null = null;
    for (let seed = take(); seed !== null; seed = take()) {
      worker ??= fork(WORKER, [options.plant ?? '']);
      const result = await ordered(worker, { seed, twice: seed % options.twiceEvery === 0 });
      if ('lost' in result) {
        worker.kill('SIGKILL');
        worker = null;
      }
      if (!options.onResult(result)) wanted = false;
    }
    worker?.kill();
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, options.seeds) }, lane));
}

function ordered(worker: ChildProcess, order: SeedOrder): Promise<SeedResult | LostSeed> {
  return new Promise((resolve) => {
    const { seed } = order;
    const end = (result: SeedResult | LostSeed): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      resolve(result);
    };
    const onMessage = (result: SeedResult): void => end(result);
    const onExit = (code: number | null): void =>
      end({ seed, lost: `its process ended with ${code ?? 'a signal'}` });
    const timer = setTimeout(
      () => end({ seed, lost: `no answer within ${SEED_MAX_MS / 1_000} s` }),
      SEED_MAX_MS,
    );
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.send(order);
  });
}
