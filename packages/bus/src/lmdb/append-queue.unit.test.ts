import { describe, expect, test } from '@jest/globals';
import { BusRefused } from '../bus.js';
import { AppendQueue, PENDING_APPENDS_MAX, type Outcome } from './append-queue.js';

interface Item {
  readonly name: string;
  readonly bytes: number;
}
const item = (name: string, bytes = 1): Item => ({ name, bytes });

describe('AppendQueue', () => {
  test('what is asked for in one turn shares a commit, and is told in order before its promise', async () => {
    const commits: string[][] = [];
    const told: string[] = [];
    const queue = new AppendQueue<Item>(
      (items) => {
        commits.push(items.map(({ name }) => name));
        return items.map((_, i): Outcome => ({ sequence: i + 1 }));
      },
      ({ name }, sequence) => told.push(`${name} ${sequence}`),
    );
    const asked = ['a', 'b', 'c'].map((name) => queue.push(item(name)).then((n) => told.push(`done ${n}`)));
    expect(commits).toEqual([]);
    await Promise.all(asked);
    expect(commits).toEqual([['a', 'b', 'c']]);
    expect(told).toEqual(['a 1', 'b 2', 'c 3', 'done 1', 'done 2', 'done 3']);
  });

  test('a refused one does not harm its neighbours; a failed commit fails them all', async () => {
    let fails = false;
    const told: string[] = [];
    const queue = new AppendQueue<Item>(
      (items) => {
        if (fails) throw new Error('disk');
        return items.map(({ name }, i): Outcome =>
          name === 'bad' ? { error: new BusRefused('bad') } : { sequence: i + 1 },
        );
      },
      ({ name }) => told.push(name),
    );
    const states = async (...names: string[]): Promise<string[]> =>
      (await Promise.allSettled(names.map((name) => queue.push(item(name))))).map(({ status }) => status);
    expect(await states('a', 'bad', 'c')).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    fails = true;
    expect(await states('d', 'e')).toEqual(['rejected', 'rejected']);
    expect(told).toEqual(['a', 'c']);
  });

  test('a commit is bounded in items and bytes, and what waits is bounded', async () => {
    const sizes: number[] = [];
    const queue = new AppendQueue<Item>(
      (items) => {
        sizes.push(items.length);
        return items.map((_, i): Outcome => ({ sequence: i + 1 }));
      },
      () => undefined,
    );
    const large = Array.from({ length: 5 }, () => queue.push(item('large', 9 * 1024 * 1024)));
    await Promise.all(large);
    expect(sizes).toEqual([1, 1, 1, 1, 1]);
    sizes.length = 0;
    const many = Array.from({ length: PENDING_APPENDS_MAX }, () => queue.push(item('small')));
    await expect(queue.push(item('one more'))).rejects.toBeInstanceOf(BusRefused);
    queue.flush();
    await Promise.all(many);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(PENDING_APPENDS_MAX);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
  });
});
