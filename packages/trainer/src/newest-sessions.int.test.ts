// Goal: the trainer sees a new session when one has ended and its bars are in the catalog, and nothing new when not.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importBars } from '@bellwether/catalog';
import { ticksToPoints } from '@bellwether/market';
import { generateSessions } from '@bellwether/testkit';
import { SAMPLE_SESSIONS, newestSessions } from './newest-sessions.js';

const us = (text: string): number => Date.parse(text) * 1_000;
const DATA = ['catalog:ES:5m'];
/** A session of five-minute bars. */
const BARS = 276;

describe('the newest sessions of a catalog', () => {
  let folder: string;
  let catalog: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bw-newest-'));
    catalog = path.join(folder, 'catalog');
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function imported(firstTradeDate: number, sessions: number): Promise<void> {
    const rows = [
      ...generateSessions({ seed: 'newest', symbol: 'ES', firstTradeDate, sessions, interval: '5m' }),
    ].map(({ open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume, tick_size_e4 }) =>
      [
        new Date(open_us / 1_000).toISOString(),
        ...[open_ticks, high_ticks, low_ticks, close_ticks].map((ticks) =>
          ticksToPoints(ticks, tick_size_e4),
        ),
        volume ?? 0,
      ].join(','),
    );
    const file = path.join(folder, `${firstTradeDate}.csv`);
    await writeFile(file, `ts,open,high,low,close,volume\n${rows.join('\n')}\n`);
    await importBars({
      ...{ catalog, file, symbol: 'ES', contract: null, origin: 'synthetic', replace: false },
      ...{ trustTimes: false, acceptVerdict: true, importedAt: '2026-11-22T12:00:00Z' },
    });
  }

  it('changes with a session that was imported and has ended, and with nothing else', async () => {
    const monday = us('2025-09-15T23:00:00Z');
    expect(await newestSessions(DATA, catalog, monday)).toBe('');
    await imported(20250915, 2);
    // On Monday evening the second session is imported and not over yet.
    const first = await newestSessions(DATA, catalog, monday);
    expect(first).toBe(`ES 20250915 ${BARS}`);
    const second = `ES 20250916 ${2 * BARS}`;
    expect(await newestSessions(DATA, catalog, us('2025-09-16T22:00:00Z'))).toBe(second);
    expect(await newestSessions(DATA, catalog, us('2025-09-20T22:00:00Z'))).toBe(second);
    await imported(20250917, 1);
    expect(await newestSessions(DATA, catalog, us('2025-09-20T22:00:00Z'))).toBe(`ES 20250917 ${3 * BARS}`);
    expect(await newestSessions(['catalog:ES:5m:2025-10-01..'], catalog, monday)).toBe('');
    expect(await newestSessions(['catalog:NQ'], catalog, monday)).toBe('');
  });

  it('is always the same of the sample', async () => {
    expect(await newestSessions([], catalog, us('2026-01-01T00:00:00Z'))).toBe(SAMPLE_SESSIONS);
  });
});
