import { verify, type KeyObject } from 'node:crypto';
import { encodeAuditHead, type AuditHead } from '@bellwether/contracts';
import type { AuditKey } from './audit-key.js';

/** Heads on disk: one JSON object a line, its members in this order and without blanks, so that each byte counts. */
const MEMBERS = ['book', 'record', 'seq', 'hash', 'signed_us', 'key_id', 'signature'] as const;

const HEX_HASH = /^[0-9a-f]{64}$/;
/** Ed25519 signatures have 64 bytes. */
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

/** A line is a little over 400 bytes; a longer one is none of ours. */
export const HEAD_LINE_BYTES_MAX = 1_024;

export function headLine(head: AuditHead): string {
  return `${JSON.stringify(head, [...MEMBERS])}\n`;
}

/** The head in a line without its end, or null unless the line is exactly what {@link headLine} writes. */
export function parseHeadLine(line: string): AuditHead | null {
  if (line.length > HEAD_LINE_BYTES_MAX) return null;
  let value: Partial<AuditHead>;
  try {
    value = JSON.parse(line) as Partial<AuditHead>;
  } catch {
    return null;
  }
  const { book, record, seq, hash, signed_us, key_id, signature } = value;
  const whole =
    typeof book === 'string' &&
    isCount(record) &&
    isCount(seq) &&
    isCount(signed_us) &&
    isText(hash, HEX_HASH) &&
    isText(key_id, HEX_HASH) &&
    isText(signature, SIGNATURE);
  if (!whole) return null;
  const head: AuditHead = { book, record, seq, hash, signed_us, key_id, signature };
  return headLine(head) === `${line}\n` ? head : null;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown, form: RegExp): value is string =>
  typeof value === 'string' && form.test(value);

function signedBytes(head: AuditHead): Uint8Array {
  return encodeAuditHead({
    book: head.book,
    record: head.record,
    seq: head.seq,
    hash: head.hash,
    signed_us: head.signed_us,
    key_id: head.key_id,
    signature: '',
  });
}

export interface HeadPosition {
  readonly book: string;
  readonly record: number;
  readonly seq: number;
  readonly hash: Buffer;
}

export function signHead(position: HeadPosition, signed_us: number, key: AuditKey): AuditHead {
  const head: AuditHead = {
    book: position.book,
    record: position.record,
    seq: position.seq,
    hash: position.hash.toString('hex'),
    signed_us,
    key_id: key.id,
    signature: '',
  };
  return { ...head, signature: key.sign(signedBytes(head)).toString('base64') };
}

/** True where the signature is that key's over exactly this head. */
export function isSignedBy(head: AuditHead, publicKey: KeyObject): boolean {
  const signature = Buffer.from(head.signature, 'base64');
  // Of the texts that decode to these bytes only one is the canonical one.
  if (signature.toString('base64') !== head.signature) return false;
  return verify(null, signedBytes(head), publicKey, signature);
}
