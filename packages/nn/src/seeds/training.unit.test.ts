import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { runSeeds, SeedFailed } from './run-seeds.js';
import { trainSmall } from './training-for-tests.js';

/**
 * Goal: a training learns, and is the same in every bit: twice, in the twin, in another process and thread, on any machine.
 * Method: small networks are trained on a task that can be learned; the hash of their parameters is compared, also with one
 * that is written down here.
 */

/** Of 8 epochs from seed 1. A change of kernels, initialisation, shuffling or Adam changes these on purpose or by mistake. */
const HASHES = {
  row: '9a0912ceb43e1fb3c2e1e51586740d4f31e8550479a31262ddabd651b9250595',
  sequence: '40cbb63d1923ce3a1dc03811c6f91147e68ddbdd936e72856a807c99ed35ef52',
} as const;

const read = (answer: unknown): string => String(answer);
const module = new URL('./training-for-tests.js', import.meta.url);

describe.each(['row', 'sequence'] as const)('training twice: %s', (kind) => {
  const first = trainSmall(kind, '1', 'wasm');

  test('the loss falls well below that of guessing', () => {
    expect(first.losses.at(-1)).toBeLessThan(0.65 * Math.log(3));
  });

  test('the same bits again, in the twin, and on every machine; others from another seed', () => {
    expect(trainSmall(kind, '1', 'wasm')).toEqual(first);
    expect(trainSmall(kind, '1', 'twin')).toEqual(first);
    expect(first.hash).toBe(HASHES[kind]);
    expect(trainSmall(kind, '2', 'wasm', 1).hash).not.toBe(trainSmall(kind, '1', 'wasm', 1).hash);
  });

  test('the same bits in another process, without compiled code', () => {
    const script = `import('${module.href}').then(({ trainSmall }) => console.log(trainSmall('${kind}', '1', 'wasm').hash))`;
    const { stdout } = spawnSync(process.execPath, ['--no-opt', '--eval', script], { encoding: 'utf8' });
    expect(stdout.trim()).toBe(first.hash);
  });
});

describe('several seeds', () => {
  test('give the results of one, in the order of the seeds, however many run at a time', async () => {
    const seeds = ['1', '2', '3'];
    const seen: string[] = [];
    const onProgress = (seed: string): void => void seen.push(seed);
    const results = await runSeeds({ module, seeds, input: null, read, parallel: 2, onProgress });
    expect(results).toEqual(seeds.map((seed) => trainSmall('row', seed, 'wasm').hash));
    expect(seen.sort()).toEqual(seeds);
  });

  test.each([
    ['broken', 'Seed broken: planted'],
    ['gone', 'Seed gone: its worker ended with code 3 without a result'],
  ])('name the one that failed (%s) and end the others', async (bad, message) => {
    const seeds = ['endless', bad];
    const running = runSeeds({ module, seeds, input: null, read, parallel: 2 });
    const failure = await running.catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(SeedFailed);
    expect(failure).toMatchObject({ seed: bad, message });
  });

  test('name the one whose answer cannot be read', async () => {
    const refuse = (): never => {
      throw new Error('no hash');
    };
    const running = runSeeds({ module, seeds: ['4'], input: null, read: refuse });
    await expect(running).rejects.toThrow('Seed 4: no hash');
  });

  test('end when they are told to', async () => {
    const cancel = new AbortController();
    const onProgress = (): void => cancel.abort(new Error('enough'));
    const { signal } = cancel;
    const running = runSeeds({
      module,
      seeds: ['endless', '1'],
      input: null,
      read,
      parallel: 1,
      signal,
      onProgress,
    });
    await expect(running).rejects.toThrow('enough');
  });
});
