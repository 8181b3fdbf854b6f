// Goal: every task is done once, whatever the number of threads; an error or an abort ends all of them.
import { describe, expect, it } from '@jest/globals';
import { runInWorkers } from './worker-pool.js';

const script = new URL('./echo-worker-for-tests.js', import.meta.url);

async function squares(tasks: readonly number[], jobs: number, signal = new AbortController().signal) {
  const results = new Map<number, number>();
  await runInWorkers<number, number>({
    ...{ script, tasks, jobs, signal },
    onResult: (result, index) => {
      results.set(index, result);
    },
  });
  return results;
}

describe('tasks in threads', () => {
  it.each([1, 3])('are each done once with %d threads', async (jobs) => {
    const results = await squares([1, 2, 3, 4, 5], jobs);
    expect([...results].sort(([a], [b]) => a - b)).toEqual([1, 4, 9, 16, 25].map((square, i) => [i, square]));
  });

  it('end with the error of one', async () => {
    await expect(squares([1, -2, 3], 2)).rejects.toThrow('No square of -2');
  });

  it('do nothing where there is nothing to do, or the signal came first', async () => {
    expect((await squares([], 4)).size).toBe(0);
    expect((await squares([1, 2], 2, AbortSignal.abort())).size).toBe(0);
  });
});
