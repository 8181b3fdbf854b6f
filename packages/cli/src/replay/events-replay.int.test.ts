import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntryKind } from '@bellwether/contracts';
import { samplePlan, type DataOptions } from '../data/data-plan.js';
import { replayOverMemoryBus } from './bus-replay.js';
import { recordedRun } from './recorded-run.js';

const DAY: DataOptions = { data: [], symbol: [], from: 20250410, to: 20250410, warmup: 2 };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-events-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a replay with events', () => {
  it('decides the same with and without a bus, and has every event in its place', async () => {
    const calendar = path.join(folder, 'calendar.csv');
    await writeFile(
      calendar,
      'ts,event,impact\n2025-04-10T12:30:00Z,CPI,high\n2025-05-02T12:30:00Z,NFP,high\n',
    );
    const news = path.join(folder, 'news.csv');
    await writeFile(news, 'ts,text\n2025-04-10T13:00:30Z,Stocks plunge\n2025-04-10T15:00:00Z,Trade deal\n');
    const plan = await samplePlan({ ...DAY, events: [calendar, news] });
    const bare = await samplePlan(DAY);
    expect(plan.book).not.toBe(bare.book);
    const { result, frames } = await recordedRun(plan);
    const events = frames.filter(({ entry }) => entry?.kind === EntryKind.AUX);
    expect(events).toHaveLength(3);
    for (const { entry, book_time_us } of events)
      expect(book_time_us).toBeGreaterThanOrEqual(entry?.known_us ?? Infinity);
    expect((await replayOverMemoryBus(plan)).digest).toBe(result.digest);
  });
});
