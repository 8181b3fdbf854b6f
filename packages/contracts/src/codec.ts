import './plain-integers.js';
import { ContractError } from './canonical.js';
import { bellwether } from './generated/wire.js';
import {
  canonicalAuditAnswer,
  canonicalAuditHead,
  canonicalAuditQuery,
  canonicalEntry,
  canonicalFrame,
  canonicalServiceStatus,
  type AuditAnswer,
  type AuditHead,
  type AuditQuery,
  type Entry,
  type Frame,
  type ServiceStatus,
} from './generated/messages.js';

/**
 * Version of the message definitions, carried by every frame. A change that old readers cannot follow raises it,
 * and takes effect at a release entry only.
 */
export const CONTRACT_VERSION = 1;

/** Largest encoded entry or frame: below the 1 MiB default payload limit of a NATS server. */
export const MESSAGE_BYTES_MAX = 900_000;

function encode(
  codec: { encode(message: object): { finish(): Uint8Array } },
  message: object,
  name: string,
): Uint8Array {
  const bytes = codec.encode(message).finish();
  if (bytes.length > MESSAGE_BYTES_MAX) {
    throw new ContractError(name, `at most ${MESSAGE_BYTES_MAX} bytes`, bytes.length);
  }
  return bytes;
}

function decode<T extends object>(
  codec: { encode(message: object): { finish(): Uint8Array }; decode(bytes: Uint8Array): object },
  bytes: Uint8Array,
  canonical: (message: T) => T,
  name: string,
): T {
  let raw: object;
  try {
    raw = codec.decode(bytes);
  } catch (cause) {
    throw new ContractError(name, 'well-formed bytes', String(cause));
  }
  const message = canonical(raw as T);
  const again = codec.encode(message).finish();
  if (!equalBytes(again, bytes))
    throw new ContractError(name, 'canonical bytes', `${bytes.length} other bytes`);
  return message;
}

/** True when both hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Canonical bytes of a frame. Throws {@link ContractError} on NaN, unknown keys, missing fields, unsafe integers. */
export function encodeFrame(frame: Frame): Uint8Array {
  return encode(bellwether.v1.Frame, canonicalFrame(frame), 'Frame');
}

/** The frame in these bytes. Throws {@link ContractError} unless they are exactly its canonical bytes. */
export function decodeFrame(bytes: Uint8Array): Frame {
  return decode(bellwether.v1.Frame, bytes, canonicalFrame, 'Frame');
}

/**
 * The frame in bytes that came out of {@link encodeFrame} and were kept under a hash since: nothing is checked again,
 * which takes a quarter of the time. The object is the decoder's own: read it, do not write it or compare its keys.
 */
export function readFrame(bytes: Uint8Array): Frame {
  return bellwether.v1.Frame.decode(bytes) as object as Frame;
}

/** Canonical bytes of an entry. Throws {@link ContractError} as {@link encodeFrame} does. */
export function encodeEntry(entry: Entry): Uint8Array {
  return encode(bellwether.v1.Entry, canonicalEntry(entry), 'Entry');
}

/** The entry in these bytes. Throws {@link ContractError} unless they are exactly its canonical bytes. */
export function decodeEntry(bytes: Uint8Array): Entry {
  return decode(bellwether.v1.Entry, bytes, canonicalEntry, 'Entry');
}

/** Canonical bytes of a service's status. */
export function encodeStatus(status: ServiceStatus): Uint8Array {
  return encode(bellwether.v1.ServiceStatus, canonicalServiceStatus(status), 'ServiceStatus');
}

export function decodeStatus(bytes: Uint8Array): ServiceStatus {
  return decode(bellwether.v1.ServiceStatus, bytes, canonicalServiceStatus, 'ServiceStatus');
}

/** Canonical bytes of a signed head of the audit log. */
export function encodeAuditHead(head: AuditHead): Uint8Array {
  return encode(bellwether.v1.AuditHead, canonicalAuditHead(head), 'AuditHead');
}

export function decodeAuditHead(bytes: Uint8Array): AuditHead {
  return decode(bellwether.v1.AuditHead, bytes, canonicalAuditHead, 'AuditHead');
}

/** Canonical bytes of a question to the audit log. */
export function encodeAuditQuery(query: AuditQuery): Uint8Array {
  return encode(bellwether.v1.AuditQuery, canonicalAuditQuery(query), 'AuditQuery');
}

export function decodeAuditQuery(bytes: Uint8Array): AuditQuery {
  return decode(bellwether.v1.AuditQuery, bytes, canonicalAuditQuery, 'AuditQuery');
}

/** Canonical bytes of the answer. */
export function encodeAuditAnswer(answer: AuditAnswer): Uint8Array {
  return encode(bellwether.v1.AuditAnswer, canonicalAuditAnswer(answer), 'AuditAnswer');
}

export function decodeAuditAnswer(bytes: Uint8Array): AuditAnswer {
  return decode(bellwether.v1.AuditAnswer, bytes, canonicalAuditAnswer, 'AuditAnswer');
}

/**
 * True when two entries with one id say the same, whatever the time of receipt: a retry then has no second effect.
 * `event_us` is compared only through the payload, for a sender who gives no time has a new one at each attempt.
 */
export function sameRequest(a: Entry, b: Entry): boolean {
  const bare = (entry: Entry): Entry => ({ ...entry, event_us: 0, known_us: 0 });
  return equalBytes(encodeEntry(bare(a)), encodeEntry(bare(b)));
}
