import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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
import { openBus, type Bus } from '@bellwether/bus';
import { encodeFrame, subjects } from '@bellwether/contracts';
import { pause } from '@bellwether/host';
import {
  aBarEntry,
  aFrame,
  aRiskPart,
  atMinute,
  describeWithNats,
  startNatsServer,
} from '@bellwether/testkit';
import { auditFolder } from '../folders.js';
import { tellProof } from './audit-proof.js';
import { findDecision } from './find-decision.js';

const BOOK = 'why-es';
const KEY = auditKeyOf(newPrivatePem());
const DECIDED = 5;
const AUDITED = 3;

const frameOf = (seq: number, book = BOOK): Uint8Array =>
  encodeFrame(
    aFrame({
      ...{ book, seq, book_time_us: atMinute(seq) },
      entry: aBarEntry({ open_us: atMinute(seq) }, { book }),
      risk: aRiskPart({ decision_id: `${book}-${seq}` }),
    }),
  );

async function decide(bus: Bus, book: string, from: number, to: number): Promise<void> {
  let expectedLastSequence = (await bus.last(subjects.line('risk', book)))?.sequence ?? 0;
  for (let seq = from; seq <= to; seq++) {
    const data = frameOf(seq, book);
    expectedLastSequence = await bus.append(subjects.line('risk', book), data, { expectedLastSequence });
  }
}

describe('a decision in an embedded store', () => {
  let store: string;
  const why = (seq: number): ReturnType<typeof findDecision> =>
    findDecision(`${BOOK}-${seq}`, { from: null, store, nats: null });

  beforeEach(async () => {
    store = await mkdtemp(path.join(tmpdir(), 'bw-why-'));
    const bus = await openBus({ kind: 'lmdb', folder: store });
    await decide(bus, BOOK, 1, 2);
    // Another book's decisions lie between, so that places in the stream are not numbers of frames.
    await decide(bus, 'other', 1, 4);
    await decide(bus, BOOK, 3, DECIDED);
    await decide(bus, 'other', 5, 6);
    await bus.close();
    const files = nodeAuditFiles(auditFolder(store));
    const log = await AuditLog.open({ files, book: BOOK, key: KEY });
    for (let seq = 1; seq <= AUDITED; seq++) {
      log.append(frameOf(seq), { seq, received_us: atMinute(seq), latency_us: null, idle: false });
    }
    await log.commit(atMinute(AUDITED));
    await log.close();
    await files.close();
  });

  afterEach(async () => {
    await rm(store, { recursive: true });
  });

  it('is read from its record in the audit log', async () => {
    const { frame, proof } = await why(2);
    expect(frame.seq).toBe(2);
    expect(proof).toMatchObject({
      from: 'segment',
      record: 2,
      received_us: atMinute(2),
      book: BOOK,
      signed: true,
    });
    expect(tellProof(proof)).toMatch(/record 2, received .*; its hash is right: [0-9a-f]{64}\n/);
    expect(tellProof(proof)).toContain('covered by a signed head');
    expect(tellProof(proof)).toContain(`bw audit verify --folder ${auditFolder(store)} --book ${BOOK}`);
  });

  it('comes from the decision stream while the log does not hold it, and says so', async () => {
    for (let seq = AUDITED + 1; seq <= DECIDED; seq++) {
      const { frame, proof } = await why(seq);
      expect([frame.book, frame.seq]).toEqual([BOOK, seq]);
      expect(proof.from).toBe('stream');
      expect(tellProof(proof)).toContain(`not in the audit log: it ends with frame ${AUDITED}`);
    }
    await expect(why(DECIDED + 1)).rejects.toMatchObject({ code: 'decision_not_found' });
  });

  it('is found without any audit log, in the decision stream', async () => {
    await rm(auditFolder(store), { recursive: true });
    for (let seq = 1; seq <= DECIDED; seq++) {
      expect(await why(seq)).toMatchObject({
        frame: { book: BOOK, seq },
        proof: { from: 'stream', why: 'there is none' },
      });
    }
  });

  it('is not told where its record was changed', async () => {
    const folder = path.join(auditFolder(store), BOOK);
    const segment = (await readdir(folder)).find((name) => name.endsWith('.seg')) ?? '';
    const file = await open(path.join(folder, segment), 'r+');
    const bytes = await file.readFile();
    const at = bytes.indexOf(`${BOOK}-2`);
    await file.write('9', at + BOOK.length + 1);
    await file.close();
    await expect(why(2)).rejects.toMatchObject({ code: 'audit_corrupt' });
  });
});

describeWithNats('a decision on NATS', () => {
  it('is asked of the audit service, and read from the stream where that does not answer', async () => {
    const server = await startNatsServer();
    const bus = await openBus({ kind: 'nats', name: 'why-test', servers: server.url });
    const stop = new AbortController();
    try {
      await decide(bus, BOOK, 1, DECIDED);
      const places = { from: null, store: null, nats: server.url };
      const alone = await findDecision(`${BOOK}-2`, places);
      expect(alone).toMatchObject({ frame: { seq: 2 }, proof: { from: 'stream' } });
      expect(tellProof(alone.proof)).toContain('the audit service does not answer');

      const files = memoryAuditFiles();
      const nothing = (): void => undefined;
      const covered = new Promise<void>((resolve, reject) => {
        runAudit({
          ...{ bus, book: BOOK, files, key: KEY, index: () => memoryAuditIndex({ files, book: BOOK }) },
          ...{ owner: 'test', lease: false, nowUs: () => atMinute(9), measureLatency: false, pause },
          ...{ log: { info: nothing, warn: nothing, error: nothing }, metrics: noAuditMetrics },
          signal: stop.signal,
          onHead: ({ seq }) => {
            if (seq === DECIDED) resolve();
          },
        }).catch(reject);
      });
      await covered;
      const { frame, proof } = await findDecision(`${BOOK}-2`, places);
      expect(frame.seq).toBe(2);
      expect(proof).toMatchObject({ from: 'service', record: 2, head: { seq: DECIDED, key_id: KEY.id } });
      expect(tellProof(proof)).toContain(`key ${KEY.id}`);
      await expect(findDecision(`${BOOK}-9`, places)).rejects.toMatchObject({ code: 'decision_not_found' });
    } finally {
      stop.abort();
      await bus.close();
      await server.stop();
    }
  }, 60_000);
});
