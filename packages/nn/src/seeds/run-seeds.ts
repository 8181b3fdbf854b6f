import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { assert } from '@bellwether/kernel';
import type { SeedMessage, SeedTask } from './seed-worker.js';

export interface SeedsOptions<Input, Result> {
  /** Module whose export `runSeed(seed, input, report)` does the work of one seed, in a thread of its own. */
  readonly module: URL;
  readonly seeds: readonly string[];
  /** Handed to each worker as a copy. */
  readonly input: Input;
  /** Checks and types what a worker sent back. */
  readonly read: (answer: unknown) => Result;
  /** Workers at a time. @defaultValue the cores of the machine */
  readonly parallel?: number;
  /** Ends the workers at once; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (seed: string, progress: unknown) => void;
}

/** The work of one seed failed; the others were ended. */
export class SeedFailed extends Error {
  override readonly name = 'SeedFailed';
  constructor(
    readonly seed: string,
    message: string,
    options?: { readonly cause: unknown },
  ) {
    super(`Seed ${seed}: ${message}`, options);
  }
}

/**
 * Runs the same work for several seeds, each in a worker thread with its own memory, and gives the results in the order of
 * the seeds: the number of cores changes the time, not the result.
 *
 * @throws SeedFailed the first that failed, by the order in which they failed
 */
export async function runSeeds<Input, Result>(
  options: SeedsOptions<Input, Result>,
): Promise<readonly Result[]> {
  const { seeds, signal, parallel = os.availableParallelism() } = options;
  assert(
    Number.isInteger(parallel) && parallel > 0,
    `Workers at a time: a whole number above 0, was ${parallel}`,
  );
  assert(new Set(seeds).size === seeds.length, 'Each seed is run once');
  const results = new Array<Result>(seeds.length);
  const ending = new AbortController();
  const end = AbortSignal.any(signal === undefined ? [ending.signal] : [ending.signal, signal]);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < seeds.length) {
      end.throwIfAborted();
      const index = next++;
      results[index] = await runSeed(options, seeds[index]!, end);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(parallel, seeds.length) }, lane));
  } finally {
    ending.abort();
  }
  return results;
}

function runSeed<Input, Result>(
  { module, input, read, onProgress }: SeedsOptions<Input, Result>,
  seed: string,
  end: AbortSignal,
): Promise<Result> {
  const task: SeedTask = { module: module.href, seed, input };
  const worker = new Worker(new URL('./seed-worker.js', import.meta.url), { workerData: task });
  const over = new AbortController();
  return new Promise<Result>((resolve, reject) => {
    const failed = (message: string, cause?: unknown): void =>
      reject(new SeedFailed(seed, message, { cause }));
    end.addEventListener('abort', () => reject(end.reason as Error), { signal: over.signal });
    worker.on('message', (message: SeedMessage) => {
      try {
        if (message.kind === 'progress') onProgress?.(seed, message.progress);
        else resolve(read(message.result));
      } catch (cause) {
        failed(textOf(cause), cause);
      }
    });
    worker.once('error', (cause) => failed(textOf(cause), cause));
    worker.once('exit', (code) => failed(`its worker ended with code ${code} without a result`));
  }).finally(async () => {
    over.abort();
    await worker.terminate();
  });
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
