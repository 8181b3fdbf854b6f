import { ContractError } from './canonical.js';
import {
  type AuditAnswer,
  type AuditHead,
  type AuditQuery,
  type Entry,
  type Frame,
  type ModelShadow,
  type ServiceStatus,
} from './generated/messages.js';
import {
  readAuditAnswer,
  readAuditHead,
  readAuditQuery,
  readEntry,
  readFrame,
  readModelShadow,
  readServiceStatus,
} from './generated/readers.js';
import {
  writeAuditAnswer,
  writeAuditHead,
  writeAuditQuery,
  writeEntry,
  writeFrame,
  writeModelShadow,
  writeServiceStatus,
} from './generated/writers.js';
import { readAll } from './wire-read.js';
import { startWriting, written } from './wire-write.js';

/**
 * Version of the message definitions, carried by every frame. A change that old readers cannot follow raises it,
 * and takes effect at a release entry only.
 */
export const CONTRACT_VERSION = 1;

/** Largest encoded entry or frame: below the 1 MiB default payload limit of a NATS server. */
export const MESSAGE_BYTES_MAX = 900_000;

function encode<T>(write: (at: number, message: T) => number, message: T, name: string): Uint8Array {
  startWriting();
  const length = write(0, message);
  checkLength(name, length);
  return written(length);
}

/** Throws {@link ContractError} for a message above its limit. */
export function checkLength(name: string, length: number): void {
  if (length > MESSAGE_BYTES_MAX) {
    throw new ContractError(name, `at most ${MESSAGE_BYTES_MAX} bytes`, length);
  }
}

/** True when both hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Canonical bytes of a frame. Throws {@link ContractError} on NaN, unknown keys, missing fields, unsafe integers. */
export function encodeFrame(frame: Frame): Uint8Array {
  return encode(writeFrame, frame, 'Frame');
}

/** The frame in these bytes. Throws {@link ContractError} unless they are exactly its canonical bytes. */
export function decodeFrame(bytes: Uint8Array): Frame {
  return readAll(bytes, readFrame);
}

/** Canonical bytes of an entry. Throws {@link ContractError} as {@link encodeFrame} does. */
export function encodeEntry(entry: Entry): Uint8Array {
  return encode(writeEntry, entry, 'Entry');
}

/** The entry in these bytes. Throws {@link ContractError} unless they are exactly its canonical bytes. */
export function decodeEntry(bytes: Uint8Array): Entry {
  return readAll(bytes, readEntry);
}

/** Canonical bytes of a service's status. */
export function encodeStatus(status: ServiceStatus): Uint8Array {
  return encode(writeServiceStatus, status, 'ServiceStatus');
}

export function decodeStatus(bytes: Uint8Array): ServiceStatus {
  return readAll(bytes, readServiceStatus);
}

/** Canonical bytes of a signed head of the audit log. */
export function encodeAuditHead(head: AuditHead): Uint8Array {
  return encode(writeAuditHead, head, 'AuditHead');
}

export function decodeAuditHead(bytes: Uint8Array): AuditHead {
  return readAll(bytes, readAuditHead);
}

/** Canonical bytes of a question to the audit log. */
export function encodeAuditQuery(query: AuditQuery): Uint8Array {
  return encode(writeAuditQuery, query, 'AuditQuery');
}

export function decodeAuditQuery(bytes: Uint8Array): AuditQuery {
  return readAll(bytes, readAuditQuery);
}

/** Canonical bytes of the answer. */
export function encodeAuditAnswer(answer: AuditAnswer): Uint8Array {
  return encode(writeAuditAnswer, answer, 'AuditAnswer');
}

export function decodeAuditAnswer(bytes: Uint8Array): AuditAnswer {
  return readAll(bytes, readAuditAnswer);
}

/** Canonical bytes of what a challenger said in shadow. */
export function encodeModelShadow(said: ModelShadow): Uint8Array {
  return encode(writeModelShadow, said, 'ModelShadow');
}

export function decodeModelShadow(bytes: Uint8Array): ModelShadow {
  return readAll(bytes, readModelShadow);
}

/**
 * True when two entries with one id say the same, whatever the time of receipt: a retry then has no second effect.
 * `event_us` is compared only through the payload, for a sender who gives no time has a new one at each attempt.
 */
export function sameRequest(a: Entry, b: Entry): boolean {
  const bare = (entry: Entry): Entry => ({ ...entry, event_us: 0, known_us: 0 });
  return equalBytes(encodeEntry(bare(a)), encodeEntry(bare(b)));
}
