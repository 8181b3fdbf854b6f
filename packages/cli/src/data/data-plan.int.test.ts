import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importBars } from '@bellwether/catalog';
import { EntryKind, type Entry } from '@bellwether/contracts';
import { filePlan, measure, samplePlan, type DataOptions } from './data-plan.js';

const HEADER = 'ts,open,high,low,close,volume';
const ROWS = [
  '2025-03-04T15:00:00Z,6000,6001,5999,6000.5,10',
  '2025-03-04T15:01:00Z,6000.5,6001,6000,6000.25,12',
];
const none: DataOptions = { data: [], symbol: [], warmup: 60 };

describe('a data plan', () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw plan '));
    file = path.join(folder, 'bars of mine.csv');
    await writeFile(file, [HEADER, ...ROWS].join('\n'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('names a book after its data and what is taken of them', async () => {
    const of = async (options: Partial<DataOptions>): Promise<string> =>
      (await filePlan({ ...none, data: [file], symbol: ['ES'], ...options })).book;
    const whole = await of({});
    expect(whole).toMatch(/^es-[0-9a-f]{8}$/);
    expect(await of({})).toBe(whole);
    const others = [
      await of({ from: 20_250_304 }),
      await of({ to: 20_250_304 }),
      await of({ symbol: ['MES'] }),
    ];
    expect(new Set([whole, ...others]).size).toBe(4);
    // Without a first date nothing warms up, so the number of sessions changes nothing.
    expect(await of({ warmup: 3 })).toBe(whole);
  });

  it('calls the whole sample by its own name, and a part of it by another', async () => {
    expect((await samplePlan(none)).book).toBe('sample');
    expect((await samplePlan({ ...none, from: 20_250_410 })).book).toMatch(/^sample-[0-9a-f]{8}$/);
  });

  it('gives the same inputs each time, from the release to the last bar', async () => {
    const plan = await filePlan({ ...none, data: [file], symbol: ['ES'] });
    const all = async (): Promise<Entry[]> => {
      const entries: Entry[] = [];
      for await (const entry of plan.inputs(null)) entries.push(entry);
      return entries;
    };
    const first = await all();
    expect(await all()).toEqual(first);
    expect(first[0]?.kind).toBe(EntryKind.RELEASE);
    expect(first.filter((entry) => entry.kind === EntryKind.BAR)).toHaveLength(ROWS.length);
    expect(await measure(plan.inputs(null))).toEqual({ count: first.length, lastId: first.at(-1)?.id });
  });

  it('of imported bars is the plan of their file: one book, one list of inputs', async () => {
    const catalog = path.join(folder, 'catalog');
    await importBars({
      ...{ catalog, file, symbol: 'ES', contract: null, origin: 'market', replace: false, trustTimes: false },
      importedAt: '2026-11-22T12:00:00Z',
    });
    const all = async (options: Partial<DataOptions>): Promise<Entry[]> => {
      const entries: Entry[] = [];
      for await (const entry of (await filePlan({ ...none, ...options })).inputs(null)) entries.push(entry);
      return entries;
    };
    const ofFile = await all({ data: [file], symbol: ['ES'] });
    expect(ofFile.length).toBeGreaterThan(2);
    expect(await all({ data: ['catalog:ES'], catalog })).toEqual(ofFile);
    expect(await all({ data: ['catalog:ES:2025-03-04'], catalog })).toEqual(ofFile);
    const plan = await filePlan({ ...none, data: ['catalog:ES:1m'], catalog });
    expect(plan).toMatchObject({ catalog, sources: ['ES=catalog:ES:1m'], synthetic: false });
  });

  it('takes one series of a symbol', async () => {
    const data = [file, 'catalog:ES'];
    await expect(filePlan({ ...none, data, symbol: ['ES'] })).rejects.toMatchObject({
      code: 'usage',
      detail: expect.stringContaining('ES is named twice'),
    });
  });

  it('wants one symbol for each file', async () => {
    await expect(filePlan({ ...none, data: [file] })).rejects.toMatchObject({ code: 'usage' });
  });
});
