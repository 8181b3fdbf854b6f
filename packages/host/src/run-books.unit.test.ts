import { expect, it } from '@jest/globals';
import { runBooks } from './run-books.js';

it('lets the other books go on when one stops, says which, and throws in the end', async () => {
  const said: string[] = [];
  let end = (): void => undefined;
  const healthy = new Promise<void>((resolve) => {
    end = resolve;
  });
  const all = runBooks(
    ['es', 'nq'],
    (reason) => said.push(reason),
    (book) => (book === 'es' ? Promise.reject(new Error('diverged')) : healthy),
  );
  let ended = false;
  const watched = all.finally(() => {
    ended = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual(['', 'stopped: es']);
  expect(ended).toBe(false);
  end();
  await expect(watched).rejects.toThrow('diverged');
});

it('ends quietly when every book does', async () => {
  const said: string[] = [];
  await runBooks(
    ['es', 'nq'],
    (reason) => said.push(reason),
    () => Promise.resolve(),
  );
  expect(said).toEqual(['']);
});
