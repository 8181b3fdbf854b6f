import {
  BellwetherError,
  MESSAGE_BYTES_MAX,
  decodeAuditQuery,
  encodeAuditAnswer,
  type AuditAnswer,
  type AuditHead,
  type AuditQuery,
  type AuditedFrame,
} from '@bellwether/contracts';
import { AuditDamage } from './chain.js';
import type { AuditIndex } from './index/audit-index.js';
import type { IndexPlace } from './index/index-row.js';
import { checkRecord, findRecord, frameIn, type LogPlace, type StoredRecord } from './log-reader.js';
import { segmentFile } from './places.js';

/** Most frames in one answer. */
export const ANSWER_FRAMES_MAX = 500;
/** Kept free in an answer for all that is not frames: head, numbers, lengths. */
const ANSWER_MARGIN_BYTES = 64 * 1024;

export interface Answering extends LogPlace {
  readonly index: AuditIndex;
  /** Newest signed head that the index was told of. */
  readonly head: () => AuditHead | null;
}

/** The encoded answer to an encoded question. What goes wrong is said in the answer. */
export async function answerBytes(
  answering: Answering,
  question: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly error: string }> {
  const answer = await answerOf(answering, question).catch((cause: unknown): AuditAnswer => {
    const known = cause instanceof BellwetherError;
    const detail = known ? cause.detail : cause instanceof Error ? cause.message : String(cause);
    return {
      frames: [],
      next_before_seq: null,
      head: answering.head(),
      error: known ? cause.code : 'internal',
      detail: detail.slice(0, 500),
    };
  });
  return { bytes: encodeAuditAnswer(answer), error: answer.error };
}

async function answerOf(answering: Answering, question: Uint8Array): Promise<AuditAnswer> {
  const query = read(question);
  if (query.book !== answering.book) throw invalid(`Expected book ${answering.book}, was ${query.book}`);
  if (query.limit < 1 || query.limit > ANSWER_FRAMES_MAX) {
    throw invalid(`Expected a limit of 1 to ${ANSWER_FRAMES_MAX}, was ${query.limit}`);
  }
  // Taken first: what it covers the index has then, so whoever looks for newer frames elsewhere misses none between.
  const head = answering.head();
  const places = await answering.index.find(query, query.limit + 1);
  const frames: AuditedFrame[] = [];
  let bytes = 0;
  for (const place of places.slice(0, query.limit)) {
    bytes += place.bytes;
    if (bytes > MESSAGE_BYTES_MAX - ANSWER_MARGIN_BYTES) break;
    frames.push(await readAt(answering, place));
  }
  if (frames.length === 0 && places.length > 0) {
    throw new BellwetherError(
      'audit_unavailable',
      `Frame ${places[0]!.seq} is too large for an answer: read it with \`bw audit show\``,
    );
  }
  return {
    frames,
    next_before_seq: frames.length < places.length ? places[frames.length - 1]!.seq : null,
    head,
    error: '',
    detail: frames.length === 0 ? await whyNothing(answering, query) : '',
  };
}

function read(question: Uint8Array): AuditQuery {
  try {
    return decodeAuditQuery(question);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
}

const invalid = (detail: string): BellwetherError => new BellwetherError('invalid_request', detail);

/** The frame at a place that the index gave. A place that holds another one is a fault of the index. */
async function readAt(answering: Answering, place: IndexPlace): Promise<AuditedFrame> {
  const file = segmentFile(answering.book, place.segment);
  const bytes = await answering.files.read(file, place.offset, place.bytes);
  const stored: StoredRecord = { file, offset: place.offset, bytes };
  if (bytes.length === place.bytes && bytes.readUInt32LE(0) === place.bytes) {
    checkRecord(stored);
    const found = frameIn(bytes);
    if (found?.frame?.seq === place.seq) return found;
  }
  const really = await findRecord(answering, place.seq);
  if (really === null) {
    throw new AuditDamage({
      ...{ file, offset: place.offset, record: 0 },
      expected: `frame ${place.seq}`,
      found: 'none in any segment',
    });
  }
  answering.index.rebuild();
  throw new BellwetherError(
    'audit_unavailable',
    'The index led to a wrong place and is made anew: ask again',
  );
}

/** A frame that was counted as idle is there and cannot be shown: that is another answer than "never heard of it". */
async function whyNothing(answering: Answering, query: AuditQuery): Promise<string> {
  if (query.seq === null) return '';
  const head = answering.head();
  if (head === null || query.seq > head.seq) return `Frame ${query.seq} is not in the log yet`;
  const found = await findRecord(answering, query.seq);
  if (found === null || frameIn(found.bytes) !== null) return '';
  return `Frame ${query.seq} is an idle clock entry: it is counted and hashed, and its bytes are not kept`;
}
