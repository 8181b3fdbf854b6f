import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEntry, encodeEntry, type Entry } from '@bellwether/contracts';
import { eventEntry, eventId, knownUs } from './event-entry.js';
import { fileEntries, inspectEvents } from './event-facts.js';
import { calendarWarning } from './event-files.js';
import { readEvent, type EventRecord } from './event-schema.js';
import { cleanHeadline } from './headline.js';
import { parseIsoUs } from './iso-time.js';
import { parseLexicon } from './lexicon-file.js';

const NEWS = {
  kind: 'news',
  source: 'wire',
  published: '2025-09-15T13:30:00Z',
  headline: 'Fed signals rate cut',
};
const us = (text: string): number => parseIsoUs(text) ?? NaN;

function event(value: unknown): EventRecord {
  const { event: found, problems } = readEvent(value);
  if (found === null) throw new Error(JSON.stringify(problems));
  return found;
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-events-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function written(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('the entry of an event', () => {
  it('has the same id for the same event, whenever it comes in and whatever scored it', () => {
    const one = event(NEWS);
    const again = event({ ...NEWS, known: '2025-09-15T13:35:00Z', headline: ' Fed  signals rate cut\u200b' });
    expect(eventId(again)).toBe(eventId(one));
    expect(eventId(event({ ...NEWS, headline: 'Fed signals rate hike' }))).not.toBe(eventId(one));
    expect(eventId(event({ ...NEWS, id: 'n-1' }))).toBe('aux:news:wire:n-1');
    expect(eventId(event({ ...NEWS, id: 'https://a/b?c' }))).toMatch(/^aux:news:wire:@[0-9a-f]{32}$/);
  });

  it('is known no earlier than it happened, and scored by the method it names', () => {
    const entry = eventEntry('es', event(NEWS), us('2025-09-15T13:29:59Z'));
    expect(entry.event_us).toBe(entry.known_us);
    expect(entry.aux?.news).toMatchObject({ method: 'lexicon:1', score: expect.any(Number) });
    const own = eventEntry(
      'es',
      event({ ...NEWS, score: -0.5, confidence: 0.9 }),
      us('2025-09-15T14:00:00Z'),
    );
    expect(own.aux?.news).toMatchObject({ method: 'source:wire', score: -0.5, confidence: 0.9 });
    expect(decodeEntry(encodeEntry(own))).toEqual(own);
  });

  it('is refused with every problem of the event', () => {
    const bad = {
      ...NEWS,
      published: 'yesterday',
      tier: 9,
      score: 0.2,
      symbols: Array(17).fill('ES'),
      more: 1,
    };
    expect(
      readEvent(bad)
        .problems?.map(({ path: at }) => at)
        .sort(),
    ).toEqual(['more', 'published', 'symbols', 'tier']);
    expect(readEvent({ ...NEWS, score: 0.2 }).problems).toHaveLength(1);
    expect(readEvent({ ...NEWS, known: '2025-09-15T13:00:00Z' }).problems).toHaveLength(1);
    expect(readEvent({ ...NEWS, headline: '\u0000\u202e' }).problems).toHaveLength(1);
  });

  it('holds no control or hidden character and at most 300 characters, whatever the headline was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const clean = cleanHeadline(`${text}\u001b[2J\u202e`);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(Array.from(clean).length).toBeLessThanOrEqual(300);
      }),
    );
  });
});

describe('files of events', () => {
  it('are read from JSON lines and CSV, scored, with what they hold', async () => {
    const json = await written('a.jsonl', `${JSON.stringify(NEWS)}\n${JSON.stringify(NEWS)}\n`);
    expect(await inspectEvents(json)).toMatchObject({
      repeats: 1,
      problem_count: 0,
      streams: [{ kind: 'news', count: 2 }],
    });
    const csv = await written(
      'flow.csv',
      'as_of,underlying,call_volume,put_volume,spot\n2025-09-15T13:30:00Z,SPX,10,20,6604.5\n',
    );
    const entries: Entry[] = [];
    for await (const batch of fileEntries('es', await inspectEvents(csv))) entries.push(...batch);
    expect(entries[0]?.aux?.options).toMatchObject({
      put_volume: 20,
      spot_points: 6604.5,
      net_gex_usd: null,
    });
    const quoted = await written('n.csv', 'ts,text\n2025-09-15T13:30:00Z,"Stocks, ""again"",\nplunge"\n');
    for await (const batch of fileEntries('es', await inspectEvents(quoted))) entries.push(...batch);
    expect(entries[1]?.aux?.news?.headline).toBe('Stocks, "again", plunge');
  });

  it('name every problem with its line', async () => {
    const file = await written(
      'a.jsonl',
      `no\n${JSON.stringify({ ...NEWS, tier: 9 })}\n${JSON.stringify(NEWS)}\n${JSON.stringify({ ...NEWS, published: '2025-09-15T13:00:00Z' })}\n`,
    );
    const { problems } = await inspectEvents(file);
    expect(problems.map((text) => text.slice(0, 6))).toEqual(['line 1', 'line 2', 'line 4']);
  });

  it('turn a calendar into months without a hole between them, each known before it begins', async () => {
    const rows = [
      '2025-09-11T12:30:00Z,CPI,high,x',
      '2025-09-17T18:00:00Z,FOMC,high,x',
      '2025-11-07T13:30:00Z,NFP,high,x',
    ];
    const facts = await inspectEvents(
      await written('cal.csv', `ts,event,impact,eastern\n${rows.join('\n')}\n`),
    );
    const entries: Entry[] = [];
    for await (const batch of fileEntries('es', facts)) entries.push(...batch);
    const calendars = entries.flatMap(({ aux }) => aux?.economic ?? []);
    expect(calendars.map(({ releases }) => releases.length)).toEqual([2, 1]);
    expect(calendars[1]?.from_us).toBe(calendars[0]?.to_us);
    expect(entries[0]?.known_us).toBe(us('2025-08-18T00:00:00Z'));
    expect(calendarWarning([facts], us('2025-10-01T00:00:00Z'))).toBeNull();
    expect(calendarWarning([facts], us('2025-11-01T00:00:00Z'))).toMatch(/ends on 2025-11-08/);
  });
});

describe('a lexicon file', () => {
  it('is CSV or JSON, and refused with all problems', () => {
    expect(parseLexicon('a.csv', 'phrase,weight\nrate cut,2\n')).toEqual([{ phrase: 'rate cut', weight: 2 }]);
    expect(() => parseLexicon('a.json', '[{"phrase":"x","weight":9},{"phrase":"...","weight":1}]')).toThrow(
      /term 0/,
    );
    expect(knownUs(event(NEWS))).toBe(us(NEWS.published));
  });
});
