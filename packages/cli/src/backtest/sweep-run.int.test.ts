/**
 * Goal: whoever looked at a result has made a trial, and nobody who did not.
 * Method: a sweep of three variants whose second fails, run by one thread, on a real research log.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResearchLog, variantId } from '@bellwether/research';
import type { Variant } from '@bellwether/statistics';
import { ResultFile } from '../workers/result-file.js';
import { runSweep, type SweepVariant } from './sweep-run.js';
import { sweepResult } from './sweep-task.js';

const script = new URL('./failing-worker-for-tests.js', import.meta.url);
const variantOf = (configuration: string): Variant => ({
  ...{ kind: 'backtest', configuration, data: [], logic: [], parameters: [] },
});
const of = (tasks: readonly number[]): readonly SweepVariant<number>[] =>
  tasks.map((task, i) => ({ variant: variantOf(`variant ${i}`), task }));

describe('a sweep', () => {
  let folder: string;
  const run = async (tasks: readonly number[], results: string, log: ResearchLog): Promise<void> =>
    runSweep({
      ...{ variants: of(tasks), log, script, jobs: 1, signal: new AbortController().signal },
      file: await ResultFile.open(path.join(folder, results), sweepResult),
      onDone: () => undefined,
    });
  const logOf = (name: string): ResearchLog => new ResearchLog({ folder: path.join(folder, name) });
  const idsOf = async (log: ResearchLog): Promise<readonly string[]> =>
    (await log.history()).variants.map(({ variant_id }) => variant_id);
  const ids = of([1, 1, 1]).map(({ variant }) => variantId(variant));

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw sweep '));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('counts a variant that failed, not one that never began, and each once when it goes on', async () => {
    const log = logOf('failing');
    await expect(run([100, -1, 300], 'failing.jsonl', log)).rejects.toThrow('The run has failed');
    const history = await log.history();
    expect(history.variants.map(({ variant_id, result }) => [variant_id, result === null])).toEqual([
      [ids[0], false],
      [ids[1], true],
    ]);
    expect(history.trials).toBe(2);
    await run([100, 200, 300], 'failing.jsonl', log);
    const after = await log.history();
    expect(after).toMatchObject({ trials: 3, counts: { runs: 4 } });
    expect(after.variants.every(({ result }) => result !== null)).toBe(true);
  });

  it('counts the results of a folder that came from another workspace', async () => {
    await run([100, 200, 300], 'moved.jsonl', logOf('first'));
    const second = logOf('second');
    await run([100, 200, 300], 'moved.jsonl', second);
    expect(await idsOf(second)).toEqual(ids);
    await run([100, 200, 300], 'moved.jsonl', second);
    expect((await second.history()).counts.runs).toBe(3);
  });
});
