import { BellwetherError, type AuditHead } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { AuditFiles } from './audit-files.js';
import { readPublicKey, type AuditKey } from './audit-key.js';
import { AuditDamage, Chain } from './chain.js';
import { HEADER_BYTES, readHeader } from './format.js';
import { HEAD_LINE_BYTES_MAX, isSignedBy, parseHeadLine } from './heads.js';
import { COMMIT_BYTES_MAX } from './limits.js';
import { firstRecordOf, headsFile, isSegment } from './places.js';
import { scanRecords } from './scan.js';

/** Where a log goes on. */
export interface Resumed {
  /** Newest signed head; null before the first record. */
  readonly head: AuditHead | null;
  /** The segment that the next record goes to; null: it opens one. */
  readonly segment: { readonly file: string; readonly bytes: number } | null;
  /** First frame that the last record covers: where a comparison with the stream can begin. 0 before the first. */
  readonly last_record_seq: number;
  /** False for a log that nothing was ever written to. */
  readonly begun: boolean;
  /** Bytes of an unfinished commit that were cut. */
  readonly cut_bytes: number;
}

/** The newest signed head of a book, by its file. Throws {@link AuditDamage} where the file says nothing whole. */
export async function newestHead(
  files: AuditFiles,
  book: string,
): Promise<{ readonly head: AuditHead | null; readonly offset: number; readonly torn_bytes: number }> {
  const file = headsFile(book);
  const size = (await files.size(file)) ?? 0;
  // Only a line that was being written when its process died has no end: two lines always hold the newest whole one.
  const from = Math.max(0, size - 2 * HEAD_LINE_BYTES_MAX);
  const text = await files.read(file, from, size - from);
  const end = text.lastIndexOf(0x0a) + 1;
  const torn_bytes = text.length - end;
  if (end === 0) {
    if (from === 0) return { head: null, offset: 0, torn_bytes };
    throw new AuditDamage({ file, offset: from, record: 0, expected: 'heads', found: 'no line' });
  }
  const start = end < 2 ? 0 : text.lastIndexOf(0x0a, end - 2) + 1;
  const head = parseHeadLine(text.toString('latin1', start, end - 1));
  const offset = from + start;
  if (head === null) {
    throw new AuditDamage({ file, offset, record: 0, expected: 'a signed head', found: 'another line' });
  }
  return { head, offset, torn_bytes };
}

/**
 * Finds where a log goes on: behind the record of its last signed head. That record and everything before it in its
 * segment is checked; what stands behind it is an unfinished commit and is cut, with the head line that was torn.
 */
export async function resumeLog(files: AuditFiles, book: string, key: AuditKey): Promise<Resumed> {
  const { head, offset, torn_bytes } = await newestHead(files, book);
  const segments = (await files.list(book)).filter(isSegment);
  const heads = headsFile(book);
  const damage = (at: number, record: number, expected: string, found: string): AuditDamage =>
    new AuditDamage({ file: heads, offset: at, record, expected, found });
  if (head === null) {
    if (segments.length > 0) {
      throw damage(0, 0, 'a signed head before the first segment', `none, and ${segments.length} segments`);
    }
    if (torn_bytes > 0) await files.truncate(heads, 0);
    return { head: null, segment: null, last_record_seq: 0, begun: false, cut_bytes: torn_bytes };
  }
  if (head.book !== book) throw damage(offset, head.record, `book ${book}`, `book ${head.book}`);
  if (head.key_id !== key.id) {
    throw new BellwetherError(
      'config_invalid',
      `The log of book ${book} is signed with key ${head.key_id}, and this one is ${key.id}. Bring the key back, or move the folder ${book} away: a new log then begins with the first decision`,
    );
  }
  if (!isSignedBy(head, readPublicKey(key.publicPem))) {
    throw damage(offset, head.record, `a signature of key ${key.id}`, 'another');
  }
  // The process before may have died between writing this line and making it durable, and this one tells it to others.
  await files.fsync(heads);
  const end = await endOfSigned(files, segments, head, offset);
  const cut_bytes = await cutUnsigned(files, segments, head, end);
  if (torn_bytes > 0) await files.truncate(heads, present(await files.size(heads), 'the heads') - torn_bytes);
  return {
    head: head.record === 0 ? null : head,
    segment: end,
    last_record_seq: end?.lastRecordSeq ?? 0,
    begun: true,
    cut_bytes: cut_bytes + torn_bytes,
  };
}

interface SignedEnd {
  readonly file: string;
  readonly bytes: number;
  readonly lastRecordSeq: number;
}

/** The segment of the head's record, checked from its beginning, and the byte behind that record. */
async function endOfSigned(
  files: AuditFiles,
  segments: readonly string[],
  head: AuditHead,
  headOffset: number,
): Promise<SignedEnd | null> {
  if (head.record === 0) return null;
  const file = segments.findLast((name) => firstRecordOf(name) <= head.record);
  const missing = (found: string, name: string, offset: number): AuditDamage =>
    new AuditDamage({
      ...{ file: name, offset, record: head.record, found },
      expected: `record ${head.record} with hash ${head.hash}, which is signed`,
    });
  if (file === undefined) throw missing('no segment that could hold it', headsFile(head.book), headOffset);
  const size = present(await files.size(file), 'the size of a segment');
  const header = await files.read(file, 0, HEADER_BYTES);
  if (header.length < HEADER_BYTES) throw missing(`a header of ${header.length} bytes`, file, 0);
  const { record, seq, previous } = readHeader(header);
  // What stands before this segment is the business of `bw audit verify`.
  const chain = new Chain(head.book, { record: record - 1, seq: seq - 1, hash: previous });
  chain.openSegment(header, file);
  const range = { from: HEADER_BYTES, end: size };
  let lastRecordSeq = 0;
  const { offset, badLength } = await scanRecords(files, file, range, (bytes, at) => {
    lastRecordSeq = chain.seq + 1;
    chain.add(bytes, file, at);
    return chain.record < head.record;
  });
  if (chain.record !== head.record) {
    throw missing(badLength === null ? 'the end of the file' : `length ${badLength}`, file, offset);
  }
  if (chain.hash.toString('hex') !== head.hash)
    throw missing(`hash ${chain.hash.toString('hex')}`, file, offset);
  if (chain.seq !== head.seq) throw missing(`frame ${chain.seq}, not ${head.seq}`, file, offset);
  return { file, bytes: offset, lastRecordSeq };
}

/** Cuts what no head covers. More than one commit can hold is none: then heads are missing, and nothing is cut. */
async function cutUnsigned(
  files: AuditFiles,
  segments: readonly string[],
  head: AuditHead,
  end: { readonly file: string; readonly bytes: number } | null,
): Promise<number> {
  const later = segments.filter((name) => name > (end?.file ?? ''));
  const rest = end === null ? 0 : present(await files.size(end.file), 'the size of a segment') - end.bytes;
  let bytes = rest;
  for (const name of later) bytes += (await files.size(name)) ?? 0;
  if (bytes > COMMIT_BYTES_MAX) {
    throw new AuditDamage({
      ...{ file: headsFile(head.book), offset: 0, record: head.record },
      expected: `at most ${COMMIT_BYTES_MAX} bytes behind the last signed head`,
      found: `${bytes}: heads are missing`,
    });
  }
  // From the end, so that a crash in between leaves no hole.
  for (const name of [...later].reverse()) await files.remove(name);
  if (end !== null && rest > 0) {
    await files.truncate(end.file, end.bytes);
    await files.fsync(end.file);
  }
  return bytes;
}
