import { existsSync } from 'node:fs';
import path from 'node:path';
import { newestHead, nodeAuditFiles, readAuditRecord } from '@bellwether/audit';
import { openBus, type Bus } from '@bellwether/bus';
import {
  BellwetherError,
  decodeAuditAnswer,
  decodeFrame,
  encodeAuditQuery,
  subjects,
  type Frame,
} from '@bellwether/contracts';
import { parseDecisionId } from '@bellwether/kernel';
import { DECISION_LOG, auditFolder, replayFolder, storeFolder } from '../folders.js';
import { unknownMark, type DataMark } from '@bellwether/verdict';
import { readDecisionLog } from '../replay/decision-log.js';
import { runMark } from '../replay/run-mark.js';
import type { AuditProof } from './audit-proof.js';

export interface WhyPlaces {
  /** Folder that a replay wrote, or null for the usual one of the book. */
  readonly from: string | null;
  /** Folder of the embedded store, or null for the usual one. */
  readonly store: string | null;
  /** NATS servers to ask instead, or null. */
  readonly nats: string | null;
}

export interface FoundDecision {
  readonly frame: Frame;
  readonly proof: AuditProof;
  /** What is said of the data of its book. */
  readonly data: DataMark;
}

interface Wanted {
  readonly book: string;
  readonly seq: number;
}

/** The verdict is no entry of the journal, so that a store alone does not have it. */
const STORE_MARK = unknownMark(
  'a store does not keep the verdict of its data: ask the catalog or the replay',
);

const ASK_TIMEOUT_MS = 5_000;

/** Looks a decision up: where it was told to, else in the embedded store, else in the last replay of the book. */
export async function findDecision(id: string, places: WhyPlaces): Promise<FoundDecision> {
  const wanted = parseDecisionId(id);
  if (wanted === null) {
    throw new BellwetherError(
      'decision_not_found',
      `${id}: Expected <book>-<number>, for example sample-4242`,
    );
  }
  const looked: string[] = [];
  const found =
    places.nats === null ? await fromFolders(wanted, places, looked) : await fromNats(wanted, places.nats);
  if (found !== null) return found;
  if (places.nats !== null) looked.push(`NATS at ${places.nats}`);
  throw new BellwetherError(
    'decision_not_found',
    looked.length === 0
      ? `${id}: There is no store and no replay of book ${wanted.book} here`
      : `${id}: Not in ${looked.join(', ')}`,
  );
}

async function fromFolders(
  wanted: Wanted,
  places: WhyPlaces,
  looked: string[],
): Promise<FoundDecision | null> {
  const log = path.join(places.from ?? replayFolder(wanted.book), DECISION_LOG);
  const store = storeFolder(places.store);
  if (places.store !== null && !existsSync(store)) {
    throw new BellwetherError('decision_not_found', `${store}: There is no store`);
  }
  if (places.from === null && existsSync(store)) {
    looked.push(store);
    const found = await fromStore(store, wanted);
    if (found !== null) return found;
  }
  if (places.store === null && existsSync(log)) {
    looked.push(log);
    for await (const frame of readDecisionLog(log)) {
      if (frame.book === wanted.book && frame.seq === wanted.seq)
        return { frame, proof: { from: 'replay' }, data: await runMark(path.dirname(log)) };
    }
  }
  return null;
}

/**
 * From the segments of the audit log, which are read beside a running `bw start`; what is not there, from the decision
 * stream of the store.
 */
async function fromStore(store: string, { book, seq }: Wanted): Promise<FoundDecision | null> {
  const folder = auditFolder(store);
  const files = nodeAuditFiles(folder);
  let why = 'there is none';
  try {
    const record = await readAuditRecord({ files, book }, seq);
    const { head } = await newestHead(files, book);
    if (record !== null && record.frame !== null) {
      const signed = head !== null && head.record >= record.record;
      const { record: number, received_us, hash } = record;
      const proof: AuditProof = { from: 'segment', record: number, received_us, hash, signed, folder, book };
      return { frame: decodeFrame(record.frame), proof, data: STORE_MARK };
    }
    if (record !== null)
      why = `record ${record.record} counts it as an idle clock entry, and keeps only its hash`;
    else if (head !== null) why = `it ends with frame ${head.seq}`;
  } finally {
    await files.close();
  }
  const bus = await openBus({ kind: 'lmdb', folder: store });
  try {
    return await fromStream(bus, { book, seq }, why);
  } finally {
    await bus.close();
  }
}

/** From the audit service; where it does not answer or does not have it, from the decision stream. */
async function fromNats({ book, seq }: Wanted, servers: string): Promise<FoundDecision | null> {
  const bus = await openBus({ kind: 'nats', name: 'bw-why', servers: servers.split(',') });
  try {
    let why = 'it is newer than the log';
    try {
      const question = encodeAuditQuery({
        ...{ book, seq, entry_id: null, before_seq: null, from_us: null, to_us: null, action: null },
        ...{ reason: null, symbol: null, strategy: null, asked_only: false, limit: 1 },
      });
      const { frames, head, error, detail } = decodeAuditAnswer(
        await bus.request(subjects.auditQuery(book), question, ASK_TIMEOUT_MS),
      );
      const [found] = frames;
      if (found !== undefined && found.frame !== null) {
        return {
          frame: found.frame,
          proof: { from: 'service', record: found.record, head },
          data: STORE_MARK,
        };
      }
      if (error !== '' || detail !== '') why = `${error} ${detail}`.trim();
    } catch (cause) {
      why = `the audit service does not answer (${cause instanceof Error ? cause.message : String(cause)})`;
    }
    return await fromStream(bus, { book, seq }, why);
  } finally {
    await bus.close();
  }
}

async function fromStream(bus: Bus, { book, seq }: Wanted, why: string): Promise<FoundDecision | null> {
  const subject = subjects.line('risk', book);
  const last = await bus.last(subject);
  if (last === null) return null;
  const newest = decodeFrame(last.data).seq;
  if (seq > newest) return null;
  const proof: AuditProof = { from: 'stream', why };
  // Each later frame of the book takes at least one place in the stream, so this one stands here or before.
  const latest = last.sequence - (newest - seq);
  const here = await bus.get(subject, latest);
  if (here?.subject === subject) {
    const frame = decodeFrame(here.data);
    if (frame.seq === seq) return { frame, proof, data: STORE_MARK };
  }
  // The n-th message on a book's decision subject is its frame n, so that nothing needs decoding on the way.
  let n = 0;
  for await (const message of bus.read(subject, { from: 1, follow: false })) {
    n += 1;
    if (n === seq) return { frame: decodeFrame(message.data), proof, data: STORE_MARK };
  }
  return null;
}
