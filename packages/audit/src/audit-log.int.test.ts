import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeFrame } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import {
  BOOK,
  KEY,
  OTHER_KEY,
  appendFrom,
  idleFrame,
  receivedUs,
  someFrames,
  writeLog,
} from './audit-fixtures.js';
import { loadOrCreateAuditKey } from './audit-key.js';
import { AuditLog } from './audit-log.js';
import { readAuditedFrame } from './log-reader.js';
import { nodeAuditFiles } from './node-files.js';
import { verifyAudit } from './verify.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bw-audit-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('An audit log on disk', () => {
  it('gives back what was appended, over segments and starts', async () => {
    const files = nodeAuditFiles(folder);
    const frames = someFrames(400);
    await writeLog(files, frames.slice(0, 250));
    await writeLog(files, frames);

    const verdict = await verifyAudit({ files, book: BOOK, frames: true });

    expect(verdict).toMatchObject({ ok: true, last_seq: 400, unsigned_bytes: 0 });
    expect(verdict.segments).toBeGreaterThan(5);
    expect(verdict.frames + verdict.idle_frames).toBe(400);
    for (const seq of [1, 17, 250, 251, 399, 400]) {
      const found = await readAuditedFrame({ files, book: BOOK }, seq);
      if (found === null) continue;
      expect(encodeFrame(present(found.frame, 'a frame'))).toEqual(frames[seq - 1]);
      expect(found.received_us).toBe(receivedUs(seq));
    }
    await files.close();
  });

  it('counts idle frames and keeps none of their bytes', async () => {
    const files = nodeAuditFiles(folder);
    const frames = [1, 2, 3, 4, 5].map((seq) => encodeFrame(idleFrame(seq)));
    await writeLog(files, frames, { every: 5 });

    const verdict = await verifyAudit({ files, book: BOOK });

    expect(verdict).toMatchObject({ ok: true, records: 1, frames: 0, idle_frames: 5, last_seq: 5 });
    expect(await readAuditedFrame({ files, book: BOOK }, 3)).toBeNull();
    await files.close();
  });

  it('has one writer at a time', async () => {
    const first = await AuditLog.open({ files: nodeAuditFiles(folder), book: BOOK, key: KEY });
    await expect(AuditLog.open({ files: nodeAuditFiles(folder), book: BOOK, key: KEY })).rejects.toThrow(
      'store_in_use',
    );
    await first.close();
    const second = await AuditLog.open({ files: nodeAuditFiles(folder), book: BOOK, key: KEY });
    await second.close();
  });

  it('is not continued with another key', async () => {
    const files = nodeAuditFiles(folder);
    await writeLog(files, someFrames(10));
    await expect(AuditLog.open({ files, book: BOOK, key: OTHER_KEY })).rejects.toThrow(KEY.id);
    await files.close();
  });
});

describe('The signing key', () => {
  it('is made once, readable by its owner alone', async () => {
    const place = path.join(folder, 'key');
    const [one, two] = await Promise.all([loadOrCreateAuditKey(place), loadOrCreateAuditKey(place)]);
    expect(one.id).toBe(two.id);
    expect((await loadOrCreateAuditKey(place)).id).toBe(one.id);
    expect(statSync(path.join(place, 'audit-key.pem')).mode & 0o777).toBe(0o600);
  });
});

describe('A commit', () => {
  it('takes no more than can be told from missing heads at the next start', async () => {
    const log = await AuditLog.open({ files: nodeAuditFiles(folder), book: BOOK, key: KEY });
    const frames = someFrames(1);
    appendFrom(log, frames, 1);
    const large = Buffer.alloc(800_000);
    const appendAll = (): void => {
      for (let seq = 2; seq < 100; seq++) {
        log.append(large, { seq, received_us: 1, latency_us: null, idle: false });
      }
    };
    expect(appendAll).toThrow('Commit first');
    expect(log.full).toBe(true);
    await log.commit(1);
    expect(log.full).toBe(false);
    await log.close();
  });
});
