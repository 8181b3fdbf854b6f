import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DataOrigin, EntryKind, type Bar, type Entry } from '@bellwether/contracts';
import { compareEntries, makeEntry } from '@bellwether/kernel';
import { MINUTE_US, aBar, aBook, theSession } from './bars-for-tests.js';
import { bookInputs, type InputOptions } from './inputs.js';

const A_BOOK = 'test';
const atMinute = (minute: number): number => theSession(20250915).open_us + minute * MINUTE_US;

const BARS: readonly Bar[] = Array.from({ length: 30 }, (_, i) => aBar(atMinute(i)));

function news(id: number, known_us: number): Entry {
  const item = { headline: `h${id}`, symbols: [], tier: 0, score: null, confidence: null, method: 'm' };
  return makeEntry(
    {
      ...{ book: A_BOOK, id: `aux:news:t:${id}`, kind: EntryKind.AUX, event_us: known_us, known_us },
      ...{ source: 't', origin: DataOrigin.MARKET },
    },
    { aux: { options: null, economic: null, news: item } },
  );
}

async function* batches(entries: readonly Entry[], size: number): AsyncGenerator<readonly Entry[]> {
  for (let i = 0; i < entries.length; i += size) yield entries.slice(i, i + size);
}

async function inputs(events: InputOptions['events']): Promise<Entry[]> {
  const out: Entry[] = [];
  const series = [{ symbol: 'ES', bars: BARS, source: 'file', origin: DataOrigin.MARKET }];
  const config = aBook();
  const release = { number: 1, contract_version: 1, stages: [], config };
  for await (const entry of bookInputs({
    config,
    series,
    release,
    from: null,
    to: null,
    events: events ?? [],
  }))
    out.push(entry);
  return out;
}

const offsets = fc.array(fc.integer({ min: -200, max: 2_000 }), { maxLength: 30 });

describe('events among the inputs of a book', () => {
  it('stand where they are known, once each, and change nothing else', async () => {
    const plain = await inputs([]);
    await fc.assert(
      fc.asyncProperty(offsets, offsets, fc.integer({ min: 1, max: 7 }), async (a, b, size) => {
        const made = (seconds: readonly number[]): Entry[] =>
          [...seconds].sort((x, y) => x - y).map((s) => news(s, atMinute(0) + s * 1_000_000));
        const [one, two] = [made([...new Set(a)]), made([...new Set(b)])];
        const all = await inputs([batches(one, size), batches(two, 3)]);
        for (let i = 1; i < all.length; i++) expect(compareEntries(all[i - 1]!, all[i]!)).toBeLessThan(0);
        expect(all[0]?.kind).toBe(EntryKind.RELEASE);
        const ids = all.filter(({ kind }) => kind === EntryKind.AUX).map(({ id }) => id);
        const wanted = [...one, ...two].filter(({ known_us }) => known_us < atMinute(30)).map(({ id }) => id);
        expect([...ids].sort()).toEqual([...new Set(wanted)].sort());
        const bars = (entries: readonly Entry[]): Entry[] =>
          entries.filter(({ kind }) => kind === EntryKind.BAR);
        expect(bars(all)).toEqual(bars(plain));
      }),
      { numRuns: 50 },
    );
  });

  it('are refused where one id has two contents', async () => {
    const one = news(1, atMinute(3));
    const other = { ...one, source: 'other' };
    await expect(inputs([batches([one], 1), batches([other], 1)])).rejects.toMatchObject({
      code: 'id_reused',
    });
  });
});
