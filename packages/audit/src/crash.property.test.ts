import { describe, expect, it } from '@jest/globals';
import type { AuditHead } from '@bellwether/contracts';
import { present, uniformSource } from '@bellwether/kernel';
import { BOOK, KEY, appendFrom, receivedUs, someFrames } from './audit-fixtures.js';
import { AuditLog } from './audit-log.js';
import { sha256 } from './format.js';
import { headLine } from './heads.js';
import {
  memoryAuditFiles,
  type Crash,
  type FileFault,
  type FileOperation,
  type MemoryAuditFiles,
} from './memory-files.js';
import { firstRecordOf, headsFile, isSegment, segmentFile } from './places.js';
import { verifyAudit } from './verify.js';

const FRAMES = someFrames(60, 'crash');
const EVERY = 7;
const SEGMENT_BYTES = 8_192;

function fileOf(contents: ReadonlyMap<string, Buffer>, name: string): Buffer {
  return present(contents.get(name), name);
}

function lastSegmentOf(contents: ReadonlyMap<string, Buffer>): string {
  return present([...contents.keys()].filter(isSegment).sort().at(-1), 'a segment');
}

/** Stands in for the end of the process. */
class Died extends Error {}

type Fault = (operation: FileOperation, name: string, bytes: number) => FileFault | null;

/** Writes all frames, committing at every seventh, from wherever the log stands. */
async function write(files: MemoryAuditFiles): Promise<number> {
  const log = await AuditLog.open({ files, book: BOOK, key: KEY, segmentBytesMax: SEGMENT_BYTES });
  const { cut_bytes } = log.resumed;
  while (log.seq < FRAMES.length) {
    const to = Math.min(FRAMES.length, log.seq - (log.seq % EVERY) + EVERY);
    appendFrom(log, FRAMES, to);
    await log.commit(receivedUs(to));
  }
  await log.close();
  return cut_bytes;
}

/** Writes until the end or a fault; false for a fault. Takes down every head that is shown to others. */
async function writeAt(files: MemoryAuditFiles, start: number, heads: AuditHead[]): Promise<boolean> {
  try {
    const log = await AuditLog.open({ files, book: BOOK, key: KEY, segmentBytesMax: SEGMENT_BYTES });
    if (log.head !== null) heads.push(log.head);
    while (log.seq < FRAMES.length) {
      for (let i = 0; i < EVERY && log.seq < FRAMES.length; i++) {
        const seq = log.seq + 1;
        log.append(FRAMES[seq - 1]!, { seq, received_us: start, latency_us: null, idle: false });
      }
      const head = await log.commit(start);
      if (head !== null) heads.push(head);
    }
    await log.close();
    return true;
  } catch (cause) {
    if (cause instanceof Died) return false;
    throw cause;
  }
}

/** Hashes of all files: equal where these are. Jest takes its time to compare so many bytes. */
function digestsOf(contents: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries(
    [...contents].sort().map(([name, bytes]) => [name, sha256(bytes).toString('hex')]),
  );
}

/** Runs with a fault, crashes there, and runs again until the end; gives what is on the disk then. */
async function writeWithCrashes(fault: Fault, how: Crash): Promise<Record<string, string>> {
  const files = memoryAuditFiles(new Map(), { fault });
  for (let starts = 0; starts < 20; starts++) {
    try {
      await write(files);
      return digestsOf(files.contents());
    } catch (cause) {
      if (!(cause instanceof Died)) throw cause;
      files.crash(how);
    }
  }
  throw new Error('It does not get through');
}

async function uninterrupted(): Promise<{ contents: ReadonlyMap<string, Buffer>; operations: number }> {
  let operations = 0;
  const files = memoryAuditFiles(new Map(), {
    fault: () => {
      operations += 1;
      return null;
    },
  });
  await write(files);
  return { contents: files.contents(), operations };
}

const CRASHES: readonly Crash[] = [
  { power: false },
  { power: true },
  { power: true, tornBytes: 100 },
  { power: true, tornBytes: 3_000 },
];
/** What happens of the operation: nothing, all, or of a write the first bytes. */
const EXTENTS: readonly (boolean | number)[] = [false, true, 1, 500];

describe('A log whose writer dies', () => {
  it.each(EXTENTS)(
    'at any operation, which was done: %s, is the same in the end as one that did not',
    async (done) => {
      const { contents, operations } = await uninterrupted();
      const whole = digestsOf(contents);
      expect(operations).toBeGreaterThan(30);
      for (const how of CRASHES) {
        for (let at = 1; at <= operations; at++) {
          let count = 0;
          const fault: Fault = () => (++count === at ? { done, error: new Died() } : null);
          const left = await writeWithCrashes(fault, how);
          expect({ at, how, left }).toEqual({ at, how, left: whole });
        }
      }
    },
  );

  it('again and again, also while it resumes, is the same in the end', async () => {
    const whole = digestsOf((await uninterrupted()).contents);
    for (let run = 0; run < 200; run++) {
      const uniform = uniformSource(`crashes-${run}`);
      let left = 8;
      const fault: Fault = (_operation, _name, bytes) => {
        if (left === 0 || uniform() > 0.15) return null;
        left -= 1;
        return { done: uniform() < 0.3 ? Math.floor(uniform() * bytes) : uniform() < 0.5, error: new Died() };
      };
      const how: Crash = { power: uniform() < 0.5, tornBytes: Math.floor(uniform() * 4_000) };
      expect({ run, left: await writeWithCrashes(fault, how) }).toEqual({ run, left: whole });
    }
  });

  it('keeps every head that anybody can have seen', async () => {
    let seen = 0;
    for (let run = 0; run < 150; run++) {
      const uniform = uniformSource(`heads-${run}`);
      let left = 8;
      const fault: Fault = (_operation, _name, bytes) => {
        if (left === 0 || uniform() > 0.15) return null;
        left -= 1;
        return { done: uniform() < 0.2 ? Math.floor(uniform() * bytes) : uniform() < 0.8, error: new Died() };
      };
      const files = memoryAuditFiles(new Map(), { fault });
      const heads: AuditHead[] = [];
      // Another start receives frames at another time: what is cut and read again has another hash.
      for (let starts = 1; !(await writeAt(files, starts, heads)); starts++) {
        files.crash({ power: uniform() < 0.5, tornBytes: Math.floor(uniform() * 4_000) });
      }
      for (const head of new Map(heads.map((item) => [headLine(item), item])).values()) {
        expect({ run, ...(await verifyAudit({ files, book: BOOK, head })) }).toMatchObject({ run, ok: true });
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(1_000);
  });

  it('in the middle of the last record, at every byte, says what it cut', async () => {
    const { contents } = await uninterrupted();
    const last = lastSegmentOf(contents);
    const whole = fileOf(contents, last);
    const heads = fileOf(contents, headsFile(BOOK)).toString().trimEnd().split('\n');
    const before = `${heads.slice(0, -1).join('\n')}\n`;
    const signed = (JSON.parse(heads.at(-2)!) as { record: number }).record;
    const end = endOf(whole, signed - firstRecordOf(last) + 1);
    // Every byte of the last record; of those before it in the commit every 97th.
    const lastRecord = endOf(whole, recordsIn(whole) - 1);
    for (let bytes = end; bytes < whole.length; bytes += bytes < lastRecord ? 97 : 1) {
      const files = memoryAuditFiles(
        new Map([...contents, [last, whole.subarray(0, bytes)], [headsFile(BOOK), Buffer.from(before)]]),
      );
      expect(await write(files)).toBe(bytes - end);
      expect(digestsOf(files.contents())).toEqual(digestsOf(contents));
    }
  });

  it('in the middle of a head, at every byte, signs again', async () => {
    const { contents } = await uninterrupted();
    const heads = fileOf(contents, headsFile(BOOK));
    const lastLine = heads.lastIndexOf(0x0a, heads.length - 2) + 1;
    for (let bytes = lastLine; bytes < heads.length; bytes++) {
      const files = memoryAuditFiles(new Map([...contents, [headsFile(BOOK), heads.subarray(0, bytes)]]));
      await write(files);
      expect(digestsOf(files.contents())).toEqual(digestsOf(contents));
    }
  });
});

/** The byte behind the n-th record of a segment. */
function endOf(segment: Buffer, records: number): number {
  let at = 128;
  for (let i = 0; i < records; i++) at += segment.readUInt32LE(at);
  return at;
}

function recordsIn(segment: Buffer): number {
  let records = 0;
  for (let at = 128; at < segment.length; at += segment.readUInt32LE(at)) records += 1;
  return records;
}

describe('A log that lost what was signed', () => {
  it('is not opened for writing, and nothing of it is changed', async () => {
    const { contents } = await uninterrupted();
    const last = lastSegmentOf(contents);
    const whole = fileOf(contents, last);
    for (let bytes = 0; bytes < whole.length; bytes += 13) {
      const cut = new Map([...contents, [last, whole.subarray(0, bytes)]]);
      const files = memoryAuditFiles(cut);
      await expect(AuditLog.open({ files, book: BOOK, key: KEY })).rejects.toThrow('audit_corrupt');
      expect(digestsOf(files.contents())).toEqual(digestsOf(cut));
      expect((await verifyAudit({ files, book: BOOK })).ok).toBe(false);
    }
  });

  it('such as all heads, is not opened either', async () => {
    const { contents } = await uninterrupted();
    const without = new Map(contents);
    without.delete(headsFile(BOOK));
    const files = memoryAuditFiles(without);
    await expect(AuditLog.open({ files, book: BOOK, key: KEY })).rejects.toThrow('audit_corrupt');
    expect(digestsOf(files.contents())).toEqual(digestsOf(without));
  });

  it('or more heads than one commit can explain, is not opened either', async () => {
    const { contents } = await uninterrupted();
    const heads = fileOf(contents, headsFile(BOOK));
    const files = memoryAuditFiles(
      new Map<string, Uint8Array>([
        ...contents,
        [headsFile(BOOK), heads.subarray(0, heads.indexOf(0x0a) + 1)],
        [segmentFile(BOOK, 900), Buffer.alloc(17_000_000)],
      ]),
    );
    await expect(AuditLog.open({ files, book: BOOK, key: KEY })).rejects.toThrow('heads are missing');
  });
});

describe('A disk that refuses', () => {
  it('breaks the log until it is opened again', async () => {
    const { contents } = await uninterrupted();
    let full = true;
    const fault: Fault = (operation, name) =>
      full && operation === 'append' && name.endsWith('.seg')
        ? { done: 40, error: Object.assign(new Error('ENOSPC'), { syscall: 'write' }) }
        : null;
    const files = memoryAuditFiles(new Map(), { fault });
    const log = await AuditLog.open({ files, book: BOOK, key: KEY, segmentBytesMax: SEGMENT_BYTES });
    appendFrom(log, FRAMES, EVERY);
    await expect(log.commit(receivedUs(EVERY))).rejects.toThrow('ENOSPC');
    expect(() => appendFrom(log, FRAMES, EVERY + 1)).toThrow('broken');
    await log.close();
    full = false;
    await write(files);
    expect(digestsOf(files.contents())).toEqual(digestsOf(contents));
  });
});
