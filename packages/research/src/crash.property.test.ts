import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Variant } from '@bellwether/statistics';
import { Crashed, MemoryLogFile, type PlannedCrash } from './memory-log-file-for-tests.js';
import { ResearchLog } from './research-log.js';

/**
 * Goal: whatever was acknowledged is there after a crash, nothing that was not written is, and the log goes on.
 * Method: the machine goes down at every operation that changes the file, with every number of bytes of a torn append.
 */

let folder = '';
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(tmpdir(), 'bw-research-'));
});
afterAll(async () => fs.rm(folder, { recursive: true, force: true }));

const variant = (k: number): Variant => ({
  kind: 'test',
  configuration: 'c',
  data: ['d'],
  logic: [{ stage: 'risk', logic_version: 1 }],
  parameters: [{ name: 'k', value: k }],
});
const RESULT = { trade_dates: [20_260_105, 20_260_106], net_cents: [100, -50] };

function logOn(file: MemoryLogFile): ResearchLog {
  let at_us = 0;
  let run = 0;
  return new ResearchLog({ folder, file, nowUs: () => (at_us += 1), newRunId: () => `run ${(run += 1)}` });
}

/** Three variants, each with a result, until the machine goes down. Names what was acknowledged. */
async function work(log: ResearchLog): Promise<{ readonly started: number; readonly finished: number }> {
  let started = 0;
  let finished = 0;
  try {
    for (let k = 0; k < 3; k++) {
      const run = await log.started(variant(k));
      started += 1;
      await log.finished(run, RESULT);
      finished += 1;
    }
  } catch (cause) {
    if (!(cause instanceof Crashed)) throw cause;
  }
  return { started, finished };
}

/** What is wrong after such a crash; empty where nothing is. */
async function faultsAfter(plan: PlannedCrash): Promise<readonly string[]> {
  const before = new MemoryLogFile(Buffer.alloc(0), plan);
  const acknowledged = await work(logOn(before));
  const log = logOn(new MemoryLogFile(before.bytes, null));
  await log.started(variant(99));
  const history = await log.history();
  const { variants, trials, unreadable } = history;
  const old = variants.filter(({ variant: { parameters } }) => parameters[0]?.value !== 99);
  const faults: string[] = [];
  if (old.length < acknowledged.started) faults.push('a start was lost');
  if (old.filter(({ result }) => result !== null).length < acknowledged.finished)
    faults.push('a result was lost');
  if (old.length === variants.length) faults.push('the log did not go on');
  if (unreadable.length > 1) faults.push('more lines are torn than crashes were');
  if (trials < acknowledged.started + 1 || old.length > acknowledged.started + 1) faults.push('miscounted');
  if (old.some(({ result }) => result !== null && result.net_cents.length !== 2))
    faults.push('half a result');
  return faults;
}

const LINE_BYTES = 420;
/** Of six records: an append and a sync each. */
const OPERATIONS = 12;

describe.each([false, true])('a crash with loss of power: %p', (power) => {
  test('at every operation, with every torn length', async () => {
    const found: string[] = [];
    for (let operation = 1; operation <= OPERATIONS; operation++) {
      for (let bytes = 0; bytes <= LINE_BYTES; bytes += operation % 2 === 1 || power ? 7 : LINE_BYTES) {
        for (const fault of await faultsAfter({ operation, bytes, power })) {
          found.push(`operation ${operation}, ${bytes} bytes: ${fault}`);
        }
      }
    }
    expect(found).toEqual([]);
  });
});

test('the plan reaches every operation: the work has as many, and its lines are not longer', async () => {
  const file = new MemoryLogFile(Buffer.alloc(0), null);
  await work(logOn(file));
  expect(file.operations).toBe(OPERATIONS);
  const longest = Math.max(
    ...file.bytes
      .toString()
      .split('\n')
      .map(({ length }) => length),
  );
  expect(longest).toBeLessThanOrEqual(LINE_BYTES);
});

test('a file that lost any number of its last bytes is read up to there, and the torn line is told', async () => {
  const file = new MemoryLogFile(Buffer.alloc(0), null);
  await work(logOn(file));
  const ends = [...file.bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at);
  const wrong: number[] = [];
  for (let length = 0; length <= file.bytes.length; length++) {
    const { counts, unreadable } = await logOn(
      new MemoryLogFile(file.bytes.subarray(0, length), null),
    ).history();
    // A line is whole as soon as all but its end is there.
    const whole = ends.filter((end) => end <= length).length;
    const torn = length > 0 && !ends.includes(length) && !ends.includes(length - 1);
    if (counts.runs !== Math.ceil(whole / 2) || unreadable.length !== (torn ? 1 : 0)) wrong.push(length);
  }
  expect(wrong).toEqual([]);
});

test('a changed byte anywhere is never read as another record', async () => {
  const file = new MemoryLogFile(Buffer.alloc(0), null);
  await work(logOn(file));
  const whole = JSON.stringify((await logOn(file).history()).variants);
  const wrong: number[] = [];
  for (let at = 0; at < file.bytes.length; at += 5) {
    const bytes = Buffer.from(file.bytes);
    bytes[at]! ^= 0x01;
    const { trials, unreadable, variants } = await logOn(new MemoryLogFile(bytes, null)).history();
    const seen = variants.every((one) => one.result === null || whole.includes(JSON.stringify(one.result)));
    if (unreadable.length === 0 || trials < 3 || !seen) wrong.push(at);
  }
  expect(wrong).toEqual([]);
});
