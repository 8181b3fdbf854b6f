import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeFrame, type AuditQuery, type Frame } from '@bellwether/contracts';
import { chosenCandidate, isDecision, present, symbolOf, uniformSource } from '@bellwether/kernel';
import { BOOK, someFrames, writeLog } from '../audit-fixtures.js';
import { outlineOf } from '../frame-outline.js';
import { readRecordHead } from '../format.js';
import { findRecord, type StoredRecord } from '../log-reader.js';
import { nodeAuditFiles, type NodeAuditFiles } from '../node-files.js';
import { indexFile, segmentFile } from '../places.js';
import type { AuditIndex } from './audit-index.js';
import { openAuditIndex } from './duck-index.js';
import { memoryAuditIndex } from './memory-index.js';

const FRAMES = someFrames(500, 'index');
const KEPT = FRAMES.filter((bytes) => !outlineOf(bytes).idle).map(decodeFrame);

let folder: string;
let files: NodeAuditFiles;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bw-index-'));
  files = nodeAuditFiles(folder);
});

afterEach(async () => {
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

const ANY: AuditQuery = {
  ...{ book: BOOK, seq: null, entry_id: null, before_seq: null, from_us: null, to_us: null },
  ...{ action: null, reason: null, symbol: null, strategy: null, asked_only: false, limit: 500 },
};

/** The answer by the frames themselves. */
function expected(query: AuditQuery): number[] {
  const wanted = (frame: Frame): boolean =>
    (query.seq === null || frame.seq === query.seq) &&
    (query.entry_id === null || frame.entry?.id === query.entry_id) &&
    (query.before_seq === null || frame.seq < query.before_seq) &&
    (query.from_us === null || frame.book_time_us >= query.from_us) &&
    (query.to_us === null || frame.book_time_us < query.to_us) &&
    (query.action === null || frame.risk?.action === query.action) &&
    (query.reason === null || frame.risk?.reason === query.reason) &&
    (query.symbol === null || symbolOf(frame) === query.symbol) &&
    (query.strategy === null || chosenCandidate(frame)?.setup?.strategy === query.strategy) &&
    (!query.asked_only || isDecision(frame.risk));
  return KEPT.filter(wanted)
    .map(({ seq }) => seq)
    .reverse();
}

function someQuery(seed: string): AuditQuery {
  const uniform = uniformSource(seed);
  const one = KEPT[Math.floor(uniform() * KEPT.length)]!;
  const two = KEPT[Math.floor(uniform() * KEPT.length)]!;
  const maybe = <T>(value: T, chance: number): T | null => (uniform() < chance ? value : null);
  return {
    ...ANY,
    seq: maybe(one.seq, 0.1),
    entry_id: maybe(present(one.entry, 'an entry').id, 0.1),
    before_seq: maybe(two.seq, 0.4),
    from_us: maybe(one.book_time_us, 0.3),
    to_us: maybe(two.book_time_us, 0.3),
    action: maybe(present(one.risk, 'risk').action, 0.4),
    reason: maybe(present(one.risk, 'risk').reason, 0.2),
    symbol: maybe(uniform() < 0.8 ? 'ES' : 'NQ', 0.3),
    strategy: maybe(present(chosenCandidate(one)?.setup, 'a setup').strategy, 0.3),
    asked_only: uniform() < 0.2,
  };
}

const openDuck = (): AuditIndex => openAuditIndex(folder, BOOK);
const openMemory = (): AuditIndex => memoryAuditIndex({ files, book: BOOK });

/** Number of the record that covers a frame. */
async function recordOf(seq: number): Promise<number> {
  return readRecordHead((await storedAs(seq)).bytes).record;
}

async function storedAs(seq: number): Promise<StoredRecord> {
  return present(await findRecord({ files, book: BOOK }, seq), `frame ${seq}`);
}

async function withIndex<T>(open: () => AuditIndex, use: (index: AuditIndex) => Promise<T>): Promise<T> {
  const index = open();
  try {
    index.extend(await recordOf(FRAMES.length));
    return await use(index);
  } finally {
    await index.close();
  }
}

describe.each([
  ['in DuckDB', openDuck],
  ['in memory', openMemory],
])('An index %s', (_name, open) => {
  it('finds what the frames say, whatever is asked', async () => {
    await writeLog(files, FRAMES);
    await withIndex(open, async (index) => {
      for (let i = 0; i < 150; i++) {
        const query = someQuery(`query-${i}`);
        const found = await index.find(query, 1_000);
        expect({ i, seqs: found.map(({ seq }) => seq) }).toEqual({ i, seqs: expected(query) });
      }
      expect((await index.find(ANY, 3)).length).toBe(3);
    });
  });

  it('gives places where the frames are', async () => {
    await writeLog(files, FRAMES);
    await withIndex(open, async (index) => {
      for (const place of await index.find(ANY, 1_000)) {
        const file = segmentFile(BOOK, place.segment);
        const found = await storedAs(place.seq);
        expect({ file, offset: place.offset, bytes: place.bytes }).toEqual({
          ...{ file: found.file, offset: found.offset, bytes: found.bytes.length },
        });
      }
    });
  });

  it('takes in what came after it was opened', async () => {
    await writeLog(files, FRAMES.slice(0, 200));
    const index = open();
    index.extend(await recordOf(200));
    const before = await index.find(ANY, 1_000);
    await writeLog(files, FRAMES);
    index.extend(await recordOf(FRAMES.length));
    const after = await index.find(ANY, 1_000);
    await index.close();
    expect(before.map(({ seq }) => seq)).toEqual(expected({ ...ANY, before_seq: 201 }));
    expect(after.map(({ seq }) => seq)).toEqual(expected(ANY));
  });
});

describe('An index in DuckDB', () => {
  const allSeqs = async (index: AuditIndex): Promise<number[]> =>
    (await index.find(ANY, 1_000)).map(({ seq }) => seq);

  it('is not made anew where it fits, and goes on where it was', async () => {
    await writeLog(files, FRAMES.slice(0, 300));
    const index = openDuck();
    index.extend(await recordOf(300));
    await index.find(ANY, 1);
    await index.close();
    await writeLog(files, FRAMES);
    await withIndex(openDuck, async (again) => {
      expect(await allSeqs(again)).toEqual(expected(ANY));
      expect(again.rebuilds).toBe(0);
    });
  });

  it.each([
    ['missing', (file: string) => rmSync(file)],
    ['cut', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 5_000))],
    ['no database', (file: string) => writeFileSync(file, 'not a database')],
  ])('is made anew where its file is %s', async (_name, damage) => {
    await writeLog(files, FRAMES);
    await withIndex(openDuck, allSeqs);
    damage(path.join(folder, indexFile(BOOK)));
    await withIndex(openDuck, async (index) => {
      expect(await allSeqs(index)).toEqual(expected(ANY));
      expect(index.rebuilds).toBe(1);
    });
  });

  it('is made anew where it is about another log', async () => {
    await writeLog(files, FRAMES);
    await withIndex(openDuck, allSeqs);
    for (const name of (await files.list(BOOK)).filter((item) => !item.includes('index')))
      await files.remove(name);
    const others = someFrames(500, 'another log');
    await writeLog(files, others);
    await withIndex(openDuck, async (index) => {
      const kept = others.filter((bytes) => !outlineOf(bytes).idle).map((bytes) => outlineOf(bytes).seq);
      expect(await allSeqs(index)).toEqual(kept.reverse());
      expect(index.rebuilds).toBe(1);
    });
  });

  it('is made anew when told so', async () => {
    await writeLog(files, FRAMES);
    await withIndex(openDuck, async (index) => {
      await allSeqs(index);
      index.rebuild();
      expect(await allSeqs(index)).toEqual(expected(ANY));
      expect(index.rebuilds).toBe(2);
    });
  });
});
