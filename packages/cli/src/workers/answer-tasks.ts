import { parentPort } from 'node:worker_threads';
import { assert } from '@bellwether/kernel';

/** Makes this thread answer the tasks of `runInWorkers`, one after the other. */
export function answerTasks(work: (task: never) => Promise<unknown>): void {
  const port = parentPort;
  if (port === null) assert(false, 'This module runs as a thread of a pool');
  port.on('message', ({ index, task }: { readonly index: number; readonly task: never }) => {
    work(task).then(
      (result) => {
        port.postMessage({ index, result });
      },
      (error: unknown) => {
        port.postMessage({ index, error });
      },
    );
  });
}
