import { describe, expect, it } from '@jest/globals';
import {
  DataOrigin,
  EntryKind,
  MESSAGE_BYTES_MAX,
  decodeAuditAnswer,
  encodeAuditQuery,
  encodeFrame,
  type AuditAnswer,
  type AuditQuery,
} from '@bellwether/contracts';
import { makeEntry, present } from '@bellwether/kernel';
import { aFrame, atMinute } from '@bellwether/testkit';
import { answerBytes } from './answer.js';
import { BOOK, barFrame, someFrames, writeLog } from './audit-fixtures.js';
import { readRecordHead } from './format.js';
import type { AuditIndex } from './index/audit-index.js';
import { memoryAuditIndex } from './index/memory-index.js';
import { findRecord } from './log-reader.js';
import { memoryAuditFiles, type MemoryAuditFiles } from './memory-files.js';
import { newestHead } from './resume.js';

function aQuery(given: Partial<AuditQuery>): AuditQuery {
  return {
    ...{ book: BOOK, seq: null, entry_id: null, before_seq: null, from_us: null, to_us: null },
    ...{ action: null, reason: null, symbol: null, strategy: null, asked_only: false, limit: 500 },
    ...given,
  };
}

async function ask(
  files: MemoryAuditFiles,
  index: AuditIndex,
  query: Partial<AuditQuery>,
): Promise<AuditAnswer> {
  const { head } = await newestHead(files, BOOK);
  const question = encodeAuditQuery(aQuery(query));
  const { bytes } = await answerBytes({ files, book: BOOK, index, head: () => head }, question);
  return decodeAuditAnswer(bytes);
}

async function indexed(files: MemoryAuditFiles): Promise<AuditIndex> {
  const index = memoryAuditIndex({ files, book: BOOK });
  index.extend(present((await newestHead(files, BOOK)).head, 'a head').record);
  return index;
}

/** A frame of many kilobytes: one whole day of warm-up, and more. */
function largeFrame(seq: number): Uint8Array {
  const column = Array.from({ length: 4_000 }, (_, i) => 1_000_000 + i);
  const at = {
    event_us: atMinute(seq),
    known_us: atMinute(seq),
    origin: DataOrigin.SYNTHETIC,
    source: 'test',
  };
  const entry = makeEntry(
    { book: BOOK, id: `warmup:${seq}`, kind: EntryKind.WARMUP, ...at },
    {
      warmup: {
        ...{ symbol: 'ES', trade_date: 20250912, interval_us: 60_000_000, tick_size_e4: 2_500 },
        ...{ volume_known: true, open_us: column, open_ticks: column, high_ticks: column },
        ...{ low_ticks: column, close_ticks: column, volume: column },
      },
    },
  );
  return encodeFrame(aFrame({ entry, seq }));
}

describe('An answer of the audit', () => {
  it('ends where the next frame would make it too large, and says where to go on', async () => {
    const files = memoryAuditFiles();
    await writeLog(
      files,
      Array.from({ length: 30 }, (_, i) => largeFrame(i + 1)),
    );
    const index = await indexed(files);
    const seen: number[] = [];
    let before_seq: number | null = null;
    for (let pages = 1; ; pages++) {
      const { frames, next_before_seq }: AuditAnswer = await ask(files, index, { before_seq });
      seen.push(...frames.map(({ frame }) => frame?.seq ?? 0));
      before_seq = next_before_seq;
      if (before_seq === null) {
        expect(pages).toBeGreaterThan(2);
        break;
      }
    }
    expect(largeFrame(1).length * 30).toBeGreaterThan(2 * MESSAGE_BYTES_MAX);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => 30 - i));
  });

  it('has no frame that is not what was written', async () => {
    const files = memoryAuditFiles();
    await writeLog(
      files,
      [1, 2, 3].map((seq) => encodeFrame(barFrame(seq))),
    );
    const { file, offset } = present(await findRecord({ files, book: BOOK }, 2), 'frame 2');
    const changed = new Map(files.contents());
    present(changed.get(file), file)[offset + 60]! ^= 1;
    const damaged = memoryAuditFiles(changed);
    const answer = await ask(damaged, await indexed(damaged), { seq: 2 });
    expect(answer).toMatchObject({ frames: [], error: 'audit_corrupt' });
    expect(answer.detail).toContain('record 2');
    expect(await ask(damaged, await indexed(damaged), { seq: 3 })).toMatchObject({ error: '' });
  });

  it('is none where the index leads elsewhere, which is then made anew', async () => {
    const files = memoryAuditFiles();
    await writeLog(
      files,
      [1, 2, 3].map((seq) => encodeFrame(barFrame(seq))),
    );
    const right = await indexed(files);
    let rebuilds = 0;
    const wrong: AuditIndex = {
      extend: () => undefined,
      find: async (query, most) =>
        (await right.find({ ...query, seq: 1 }, most)).map((place) => ({ ...place, seq: 2 })),
      rebuild: () => {
        rebuilds += 1;
      },
      rebuilds: 0,
      close: () => right.close(),
    };
    expect(await ask(files, wrong, { seq: 2 })).toMatchObject({ frames: [], error: 'audit_unavailable' });
    expect(rebuilds).toBe(1);
  });

  it('carries record, receipt and the newest head', async () => {
    const files = memoryAuditFiles();
    await writeLog(files, someFrames(40));
    const index = await indexed(files);
    const { frames, head } = await ask(files, index, { limit: 1 });
    const seq = frames[0]?.frame?.seq ?? 0;
    const stored = readRecordHead(present(await findRecord({ files, book: BOOK }, seq), 'a record').bytes);
    expect(frames[0]).toMatchObject({
      ...{ record: stored.record, received_us: stored.received_us, latency_us: stored.latency_us },
    });
    expect(head?.seq).toBe(40);
  });
});
