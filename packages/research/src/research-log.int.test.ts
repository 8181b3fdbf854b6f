import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Variant } from '@bellwether/statistics';
import { effectiveTrialsOf } from './history.js';
import { LOG_NAME, ResearchLog } from './research-log.js';

const ENTRY = path.join(path.dirname(fileURLToPath(import.meta.url)), 'index.js');

let folder = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(tmpdir(), 'bw-research-'));
});
afterEach(async () => fs.rm(folder, { recursive: true, force: true }));

const variant = (k: number | string, data = 'd'): Variant => ({
  kind: 'sweep',
  configuration: 'c',
  data: [data],
  logic: [],
  parameters: [{ name: 'k', value: k }],
});

describe('a research log on disk', () => {
  test('is empty where there is none, and nothing is made by looking', async () => {
    const log = new ResearchLog({ folder: path.join(folder, 'none') });
    expect(await log.history()).toMatchObject({ trials: 0, variants: [], unreadable: [] });
    expect(await fs.readdir(folder)).toEqual([]);
  });

  test('the same variant again is a run, not a trial; its newest result counts', async () => {
    const log = new ResearchLog({ folder });
    await log.finished(await log.started(variant(1)), { trade_dates: [20_260_105], net_cents: [1] });
    await log.finished(await log.started(variant(1)), { trade_dates: [20_260_105], net_cents: [2] });
    await log.started(variant(2));
    await log.started(variant(1, 'other data'));
    const { counts, trials, variants } = await new ResearchLog({ folder }).history();
    expect(counts).toEqual({ runs: 4, variants: 3, configurations: 2 });
    expect(trials).toBe(3);
    expect(variants.map(({ runs, result }) => [runs, result?.net_cents ?? null])).toEqual([
      [2, [2]],
      [1, null],
      [1, null],
    ]);
    expect(await fs.readdir(folder)).toEqual([LOG_NAME]);
  });

  test('results over the same days tell how many independent trials they are', async () => {
    const log = new ResearchLog({ folder });
    const trade_dates = Array.from({ length: 40 }, (_, i) => 20_260_101 + i);
    for (let k = 1; k <= 5; k++) {
      const net_cents = trade_dates.map((_, day) => Math.round(1_000 * Math.sin(day * 2.3) * k));
      await log.finished(await log.started(variant(k)), { trade_dates, net_cents });
    }
    const effective = effectiveTrialsOf(await log.history());
    expect(effective.value).toMatchObject({ variants: 5, clusters: [[0, 1, 2, 3, 4]] });
  });

  test('what is no result is refused and not written', async () => {
    const log = new ResearchLog({ folder });
    const run = await log.started(variant(1));
    await expect(log.finished(run, { trade_dates: [1, 2], net_cents: [1] })).rejects.toThrow('one result');
    await expect(log.finished(run, { trade_dates: [2, 1], net_cents: [1, 1] })).rejects.toThrow('ascending');
    await expect(log.started(variant('x'.repeat(1_100_000)))).rejects.toMatchObject({
      code: 'config_invalid',
    });
    expect((await log.history()).counts.runs).toBe(1);
  });
});

/** A process that appends so many variants and says so. */
function writer(name: string, count: number): { readonly ended: Promise<number | null>; kill: () => void } {
  const code = `
    const { ResearchLog } = await import(${JSON.stringify(ENTRY)});
    const log = new ResearchLog({ folder: ${JSON.stringify(folder)} });
    for (let k = 0; k < ${count}; k++) {
      await log.started({ kind: 'test', configuration: '', data: [], logic: [], parameters: [{ name: '${name}', value: k }] });
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
  return {
    ended: new Promise((resolve) => child.once('exit', resolve)),
    kill: () => child.kill('SIGKILL'),
  };
}

describe('several processes', () => {
  test('append at the same time and lose nothing', async () => {
    const writers = ['a', 'b', 'c'].map((name) => writer(name, 25));
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    const { counts, unreadable } = await new ResearchLog({ folder }).history();
    expect(counts).toEqual({ runs: 75, variants: 75, configurations: 75 });
    expect(unreadable).toEqual([]);
  });

  test('one that is killed leaves a log that goes on, its lock taken over', async () => {
    const log = new ResearchLog({ folder });
    const killed = writer('a', 1_000_000);
    const deadline = Date.now() + 60_000;
    while ((await log.history()).counts.runs < 5 && Date.now() < deadline);
    killed.kill();
    await killed.ended;
    const before = (await log.history()).counts.runs;
    await log.started(variant('after'));
    const { counts, unreadable } = await log.history();
    expect(before).toBeGreaterThanOrEqual(5);
    expect(counts.runs).toBe(before + 1);
    expect(unreadable.length).toBeLessThanOrEqual(1);
  });

  test('a lock of a process that is gone, or a torn one, does not stand in the way for ever', async () => {
    const gone = writer('gone', 1);
    await gone.ended;
    await fs.writeFile(path.join(folder, 'lock'), '999999999');
    await new ResearchLog({ folder }).started(variant('after'));
    expect((await new ResearchLog({ folder }).history()).counts.runs).toBe(2);
  });
});
