// Goal: each job is done once for its due time, in a process of its own; what was broken off is begun again, and not for ever.
// Method: the program is a small one that writes down how it was called; the clock is a number.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBus } from '@bellwether/bus';
import { pause } from '@bellwether/host';
import { present } from '@bellwether/kernel';
import { JOB_NAMES, type JobName } from '@bellwether/schedule';
import { runChild } from './child-work.js';
import { endedBefore } from './ended-sessions.js';
import { checkSelections } from './newest-sessions.js';
import { commandOf, type TrainerConfig } from './job-commands.js';
import { busRecords, folderRecords, type RecordStore } from './record-stores.js';
import { NO_RUNS, recordOf, withRecord, type RunRecord } from './run-records.js';
import { Trainer } from './trainer.js';

const us = (text: string): number => Date.parse(text) * 1_000;
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
/** A Wednesday, minutes behind 05:20 UTC. */
const NOW = us('2026-11-18T05:30:00Z');
const HOUR = 3_600_000_000;
const PROGRAM = path.join(import.meta.dirname, 'child-for-tests.js');
const CONFIG: TrainerConfig = {
  ...{ data: ['catalog:ES:1m'], catalog: null, models: 'registry', feeds: null, seed: '7', folds: 3 },
  ...{ calibration: 'challenge', jobs: ['training'], audit: null, book: null },
};

describe('a trainer', () => {
  let folder: string;
  let records: RecordStore;
  let log: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-trainer-'));
    records = folderRecords(path.join(folder, 'state'));
    log = path.join(folder, 'calls');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const calls = async (): Promise<readonly string[]> =>
    (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

  interface Given {
    readonly at: number;
    readonly seen?: string;
    readonly does?: string;
    readonly jobs?: readonly JobName[];
    readonly stop?: AbortController;
  }

  function trainer({
    at,
    seen = 'ES 20261117 1380',
    does = 'end',
    jobs = ['training'],
    stop,
  }: Given): Trainer {
    return new Trainer({
      config: { ...CONFIG, jobs },
      ...{ records, program: PROGRAM, nowUs: () => at },
      environment: { PATH: process.env['PATH'], CHILD_LOG: log, CHILD_DOES: does },
      newest: () => Promise.resolve(seen),
      events: { started: () => undefined, ended: () => undefined, line: () => stop?.abort() },
      pause: () => Promise.resolve(),
      signal: stop?.signal ?? new AbortController().signal,
    });
  }

  it('given a new session, when training is due, then it is done once, with what is configured', async () => {
    const [done, ...more] = await trainer({ at: NOW }).once();
    expect(done).toMatchObject({ job: 'training', outcome: 'done', attempts: 1, seen: 'ES 20261117 1380' });
    expect(more).toEqual([]);
    expect(await calls()).toEqual([
      'train all --data catalog:ES:1m --seed 7 --folds 3 --out registry --challenge',
    ]);
    // Another process looks a minute later: the due time is answered.
    expect(await trainer({ at: NOW + 60_000_000 }).once()).toEqual([]);
  });

  it('given no new session, when it is due again, then nothing is trained until one has ended', async () => {
    await trainer({ at: NOW }).once();
    expect(await trainer({ at: NOW + 6 * HOUR }).once()).toMatchObject([{ outcome: 'nothing_new' }]);
    expect(await calls()).toHaveLength(1);
    const later = trainer({ at: NOW + 12 * HOUR, seen: 'ES 20261118 2760' });
    expect(await later.once()).toMatchObject([{ outcome: 'done', seen: 'ES 20261118 2760' }]);
    expect(await calls()).toHaveLength(2);
  });

  it('given work that fails, then it is told with its last words, and tried at the next due time', async () => {
    expect(await trainer({ at: NOW, does: 'fail' }).once()).toMatchObject([
      { outcome: 'failed', exit_code: 2, seen: '', detail: 'working\ntoo few sessions' },
    ]);
    expect(await trainer({ at: NOW + HOUR }).once()).toEqual([]);
    expect(await trainer({ at: NOW + 6 * HOUR }).once()).toMatchObject([{ outcome: 'done' }]);
  });

  it('given a trainer that was ended in the middle, then the next one begins the work again', async () => {
    const stop = new AbortController();
    const first = await trainer({ at: NOW, does: 'end-late', stop }).once();
    expect(first.map(({ outcome }) => outcome)).toEqual(['interrupted']);
    expect(await trainer({ at: NOW + 60_000_000 }).once()).toMatchObject([{ outcome: 'done', attempts: 1 }]);
  });

  it('given work that ended its trainer three times, then it is begun no more before the next due time', async () => {
    const died: RunRecord = {
      ...{ job: 'training', due_us: us('2026-11-18T05:20:00Z'), started_us: NOW, ended_us: null },
      ...{ outcome: 'running', attempts: 2, seen: '', exit_code: null, detail: '' },
    };
    await records.save(withRecord(NO_RUNS, died));
    expect(await trainer({ at: NOW }).due()).toHaveLength(1);
    await records.save(withRecord(NO_RUNS, { ...died, attempts: 3 }));
    expect(await trainer({ at: NOW }).due()).toEqual([]);
    expect(await trainer({ at: NOW + 6 * HOUR }).due()).toHaveLength(1);
  });

  it('given several jobs that are due, then they are done one after the other, in the order of the table', async () => {
    const jobs: readonly JobName[] = ['training', 'regime_training', 'calibration', 'promotion_review'];
    const done = await trainer({ at: us('2026-11-02T00:00:00Z'), jobs }).once();
    expect(done.map(({ job }) => job)).toEqual(['calibration', 'promotion_review', 'training']);
    expect((await calls()).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'calibrate all --data',
      'models review --all',
      'train all --data',
    ]);
  });

  it('does a job now that is not due, and over sessions that it has seen', async () => {
    await trainer({ at: NOW }).once();
    expect(await trainer({ at: NOW + HOUR }).now(['training', 'collection'])).toMatchObject([
      { job: 'training', outcome: 'done', due_us: NOW + HOUR },
    ]);
  });

  it('remembers nothing wrong: a file that is no record is refused', async () => {
    await records.save(NO_RUNS);
    await writeFile(path.join(folder, 'state', 'runs.json'), '{"format":1,"runs":[{"job":"other"}]}');
    await expect(records.load()).rejects.toThrow(/no record of runs/);
  });

  it('remembers on the bus as well', async () => {
    const bus = new MemoryBus();
    const kept = busRecords(bus);
    expect(await kept.load()).toEqual(NO_RUNS);
    const [record] = await trainer({ at: NOW }).once();
    await kept.save(withRecord(NO_RUNS, present(record ?? null, 'a run')));
    expect(recordOf(await kept.load(), 'training')).toEqual(record);
    await bus.close();
  });
});

describe('the work of a job', () => {
  it('given work without end, when its time is over, then it is killed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-child-'));
    const end = await runChild({
      ...{ program: PROGRAM, words: [], limitMs: 300, graceMs: 100 },
      environment: { PATH: process.env['PATH'], CHILD_LOG: path.join(folder, 'calls'), CHILD_DOES: 'hang' },
      ...{ signal: new AbortController().signal, onLine: () => undefined },
    });
    expect(end).toMatchObject({ outcome: 'timed_out', exit_code: null });
    await rm(folder, { recursive: true });
  });

  it('given a trainer that is killed, then its work ends with it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-child-'));
    const parent = spawn(process.execPath, [path.join(import.meta.dirname, 'parent-for-tests.js'), PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], CHILD_LOG: path.join(folder, 'calls'), CHILD_DOES: 'hang' },
    });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    for (let i = 0; i < 200 && isAlive(pid); i++) await pause(50, new AbortController().signal);
    expect(isAlive(pid)).toBe(false);
    await rm(folder, { recursive: true });
  }, 30_000);

  const all = { ...CONFIG, jobs: JOB_NAMES, feeds: 'feeds.yaml', audit: '/audit' };

  it.each(JOB_NAMES)('%s has a command where it is wanted, and none where it is not', (job) => {
    expect(commandOf(job, all)).not.toBeNull();
    expect(commandOf(job, { ...all, jobs: [] })).toBeNull();
    expect(commandOf('collection', { ...all, feeds: null })).toBeNull();
  });

  it('reviews over the data that it trains on and promotes what passes; the sizing agent learns from the audit log', () => {
    const data = { ...all, data: ['catalog:ES:1m'], catalog: '/catalog', models: 'registry' };
    expect(commandOf('promotion_review', data)?.join(' ')).toBe(
      'models review --all --data catalog:ES:1m --catalog /catalog --models registry --promote',
    );
    expect(commandOf('sizing_agent', { ...all, book: 'paper-es' })?.join(' ')).toBe(
      'train rl/sac_agent --audit /audit --of-book paper-es --seed 7 --out registry --challenge',
    );
  });

  it('is over data of the catalog, in which new sessions can be told', () => {
    expect(() => checkSelections(['bars.csv'])).toThrow(/import bars.csv/);
    expect(() => checkSelections(['catalog:ES:1m', 'catalog:NQ'])).not.toThrow();
  });

  it('knows the last session that has ended', () => {
    // A session under way, its close, a weekend, and a holiday.
    expect(endedBefore(us('2026-11-18T21:59:00Z'))).toBe(20261117);
    expect(endedBefore(us('2026-11-18T22:00:00Z'))).toBe(20261118);
    expect(endedBefore(us('2026-11-22T12:00:00Z'))).toBe(20261120);
    expect(endedBefore(us('2025-12-25T20:00:00Z'))).toBe(20251224);
    expect(endedBefore(us('2030-01-01T00:00:00Z'))).toBe(20271231);
    expect(endedBefore(us('2000-01-01T00:00:00Z'))).toBe(0);
  });
});
