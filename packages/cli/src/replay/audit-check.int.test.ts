import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import {
  AuditLog,
  auditKeyOf,
  memoryAuditFiles,
  memoryAuditIndex,
  newPrivatePem,
  noAuditMetrics,
  nodeAuditFiles,
  runAudit,
} from '@bellwether/audit';
import { MemoryBus } from '@bellwether/bus';
import { encodeFrame, subjects } from '@bellwether/contracts';
import { pause } from '@bellwether/host';
import { A_BOOK, aBarEntry, aFrame, atMinute } from '@bellwether/testkit';
import { audited, checkAudit } from './audit-check.js';

const KEY = auditKeyOf(newPrivatePem());
const FRAMES = 3;
const never = new AbortController().signal;

const frameOf = (seq: number): Uint8Array =>
  encodeFrame(aFrame({ seq, book: A_BOOK, entry: aBarEntry({ open_us: atMinute(seq) }) }));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-audit-check-'));
  const files = nodeAuditFiles(folder);
  const log = await AuditLog.open({ files, book: A_BOOK, key: KEY });
  for (let seq = 1; seq <= FRAMES; seq++) {
    log.append(frameOf(seq), { seq, received_us: atMinute(seq), latency_us: null, idle: false });
  }
  await log.commit(atMinute(FRAMES));
  await log.close();
  await files.close();
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('passes a log that holds every frame once', async () => {
  expect(await checkAudit(folder, A_BOOK, FRAMES)).toMatchObject({ ok: true, frames: FRAMES });
});

it('does not pass one that holds fewer or more frames than were decided', async () => {
  for (const decided of [FRAMES - 1, FRAMES + 1]) {
    await expect(checkAudit(folder, A_BOOK, decided)).rejects.toMatchObject({ code: 'audit_corrupt' });
  }
});

it('does not pass one that was changed', async () => {
  const segment = path.join(folder, A_BOOK, '000000000000001.seg');
  const bytes = await readFile(segment);
  bytes[bytes.length - 50] = (bytes.at(-50) ?? 0) ^ 1;
  await writeFile(segment, bytes);
  await expect(checkAudit(folder, A_BOOK, FRAMES)).rejects.toMatchObject({ code: 'audit_corrupt' });
});

it('waits until the log holds a frame, also while nobody answers', async () => {
  const bus = new MemoryBus();
  const stop = new AbortController();
  const files = memoryAuditFiles();
  const nothing = (): void => undefined;
  let reached = false;
  const waiting = audited(bus, A_BOOK, 2, never).then(() => {
    reached = true;
  });
  const running = runAudit({
    ...{ bus, book: A_BOOK, files, key: KEY, index: () => memoryAuditIndex({ files, book: A_BOOK }) },
    ...{ owner: 'test', lease: false, nowUs: () => atMinute(9), measureLatency: false, pause },
    ...{
      log: { info: nothing, warn: nothing, error: nothing },
      metrics: noAuditMetrics,
      signal: stop.signal,
    },
    onHead: ({ seq }) => {
      if (seq === 1) expect(reached).toBe(false);
      if (seq === 1) void bus.append(subjects.line('risk', A_BOOK), frameOf(2), { expectedLastSequence: 1 });
    },
  });
  await bus.append(subjects.line('risk', A_BOOK), frameOf(1), { expectedLastSequence: 0 });
  await waiting;
  stop.abort();
  await running;
  await bus.close();
});
