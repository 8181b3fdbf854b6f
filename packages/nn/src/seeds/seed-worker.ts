import { parentPort, workerData } from 'node:worker_threads';
import { present } from '@bellwether/kernel';

export interface SeedTask {
  readonly module: string;
  readonly seed: string;
  readonly input: unknown;
}

export type SeedMessage =
  | { readonly kind: 'progress'; readonly progress: unknown }
  | { readonly kind: 'result'; readonly result: unknown };

/** What a module exports as `runSeed`. */
export type RunSeed = (seed: string, input: unknown, report: (progress: unknown) => void) => unknown;

const port = present(parentPort, 'the thread that started this worker');
const { module, seed, input } = workerData as SeedTask;
const { runSeed } = (await import(module)) as { readonly runSeed: RunSeed };
const say = (message: SeedMessage): void => port.postMessage(message);
const result = await runSeed(seed, input, (progress) => say({ kind: 'progress', progress }));
say({ kind: 'result', result });
