import { Worker } from 'node:worker_threads';

export interface PoolOptions<Task, Result> {
  /** Module that answers tasks: see `answerTasks`. */
  readonly script: URL;
  /** Plain data, as a message between threads holds it. */
  readonly tasks: readonly Task[];
  /** Threads at most. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Waited for before a thread is told of the task. */
  readonly onStart?: (index: number) => Promise<void>;
  /** In the order in which they are done. Waited for before that thread gets its next task. */
  readonly onResult: (result: Result, index: number) => void | Promise<void>;
}

/** What a thread answers: the result, or what went wrong. */
export type Answer<Result> =
  { readonly index: number; readonly result: Result } | { readonly index: number; readonly error: unknown };

/** What a run holds of one batch of frames outlives a collection of the default size, and would be copied in each. */
const YOUNG_MB = 192;

/**
 * Does tasks in threads. Results do not depend on how many there are. The first error, and an abort, end all threads.
 *
 * @throws what a task threw, with its message and stack as the thread gave them
 */
export async function runInWorkers<Task, Result>(options: PoolOptions<Task, Result>): Promise<void> {
  const { tasks, jobs, signal } = options;
  let next = 0;
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const take = (): number | null => (next < tasks.length && !ended.aborted ? next++ : null);
  const threads = Array.from({ length: Math.max(1, Math.min(jobs, tasks.length)) }, () =>
    oneThread(options, take, ended),
  );
  try {
    await Promise.all(threads);
  } finally {
    stop.abort();
    await Promise.allSettled(threads);
  }
}

async function oneThread<Task, Result>(
  { script, tasks, onStart, onResult }: PoolOptions<Task, Result>,
  take: () => number | null,
  ended: AbortSignal,
): Promise<void> {
  const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  const end = (): void => {
    void worker.terminate();
  };
  ended.addEventListener('abort', end);
  try {
    for (let index = take(); index !== null; index = take()) {
      await onStart?.(index);
      if (ended.aborted) return;
      const answer = await ask<Result>(worker, index, tasks[index]!);
      if (answer === null) return;
      if ('error' in answer) throw answer.error;
      await onResult(answer.result, index);
    }
  } finally {
    ended.removeEventListener('abort', end);
    await worker.terminate();
  }
}

/** Null where the thread was ended. */
async function ask<Result>(worker: Worker, index: number, task: unknown): Promise<Answer<Result> | null> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer<Result>): void => {
      off();
      resolve(answer);
    };
    const onError = (error: unknown): void => {
      off();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onExit = (): void => {
      off();
      resolve(null);
    };
    const off = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage({ index, task });
  });
}
