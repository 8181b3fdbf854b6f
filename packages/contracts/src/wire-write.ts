/**
 * Writing of canonical protobuf bytes: each value is checked as it is written. The generated `write…` functions call
 * these; each takes the place where it writes and gives the place after it.
 *
 * One scratch buffer serves all messages, one after the other. It is larger than the largest message, and what does not
 * fit is counted and not stored, so nothing here asks for room.
 */
import {
  ContractError,
  LIST_LENGTH_MAX,
  finite,
  flag,
  int32,
  int64,
  keysOf,
  text,
  uint32,
} from './canonical.js';

/** Far above the largest message with all that nesting reserves. */
const SCRATCH_BYTES = 1 << 20;

export const scratch = new Uint8Array(SCRATCH_BYTES);
const view = new DataView(scratch.buffer);
const scratchBuffer = Buffer.from(scratch.buffer);

/**
 * What the last writing met. `altered`: a value whose canonical form is another one, -0 or undefined. `turn`: the number
 * of the writing, by which a later one can see that its bytes are no longer there. `shared`: what is written is known not to
 * change any more, so that the bytes of an object that comes again may be those of before. `typed`: it comes straight from
 * code that the compiler has checked, so that its keys are not looked at.
 */
export const met = { altered: false, turn: 0, shared: false, typed: false };

/** Starts to write from the beginning of the buffer, over what is there. Gives the number of this writing. */
export function startWriting(): number {
  met.altered = false;
  met.shared = false;
  met.typed = false;
  met.turn += 1;
  return met.turn;
}

/** The bytes of one field, tag included, as they were the last time. */
interface Kept {
  value: unknown;
  view: DataView;
  length: number;
}

/** In words of four bytes; what is longer is written anew each time. */
const KEPT_BYTES_MAX = 512;

/** By place in the message definitions. */
const keptFields: (Kept | undefined)[] = [];

/** Puts the bytes of the field where it had the same value the last time, and gives the place after them; else -1. */
export function recall(place: number, at: number, value: unknown): number {
  if (!met.shared) return -1;
  const kept = keptFields[place];
  if (kept === undefined || kept.value !== value || at + KEPT_BYTES_MAX > SCRATCH_BYTES) return -1;
  const { view: from, length } = kept;
  // Up to three bytes too many, over which the next field is written.
  for (let i = 0; i < length; i += 4) view.setInt32(at + i, from.getInt32(i));
  return at + length;
}

/** Keeps the bytes of the field that were just written, for {@link recall}. */
export function keep(place: number, from: number, to: number, value: unknown): void {
  const length = to - from;
  if (!met.shared || met.altered || length > KEPT_BYTES_MAX || to + 4 > SCRATCH_BYTES) return;
  const kept = (keptFields[place] ??= {
    value: undefined,
    view: new DataView(new ArrayBuffer(KEPT_BYTES_MAX)),
    length: 0,
  });
  for (let i = 0; i < length; i += 4) kept.view.setInt32(i, view.getInt32(from + i));
  kept.value = value;
  kept.length = length;
}

/** Bytes that messages are cut from: asking for each alone costs more than the copy. */
const SLAB_BYTES = 32 * 1024;
let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let slabUsed = 0;

/** Like {@link written}, for messages that come one after the other and are all kept, or all not. */
export function writtenInRow(end: number): Buffer {
  if (4 * end > SLAB_BYTES) return written(end);
  if (slabUsed + end > SLAB_BYTES) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  scratchBuffer.copy(slab, slabUsed, 0, end);
  const bytes = slab.subarray(slabUsed, slabUsed + end);
  slabUsed += end;
  return bytes;
}

/**
 * Bytes that the length of a nested message took the last time, by the place in the message definitions: where it is so
 * again, the message need not be moved.
 */
const lengthSizes = new Uint8Array(1_024).fill(1);

/** A copy of what was written up to here. */
export function written(end: number): Buffer {
  const bytes = Buffer.allocUnsafe(end);
  scratchBuffer.copy(bytes, 0, 0, end);
  return bytes;
}

/** Refuses keys that the message does not have. Quick where they come in the order of the definition. */
export function checkKeys(
  message: object & { readonly $unknowns?: unknown },
  order: readonly string[],
  known: ReadonlySet<string>,
  name: string,
): void {
  if (met.typed) return;
  if (!hasKeysInOrder(message, order) || message.$unknowns !== undefined) keysOf(message, known, name);
}

function hasKeysInOrder(message: object, order: readonly string[]): boolean {
  let i = 0;
  for (const key in message) if (key !== order[i++]) return false;
  return i === order.length;
}

/** Remembers a minus zero: it is written as 0. */
export function noteZero(value: number): void {
  if (value === 0 && Object.is(value, -0)) met.altered = true;
}

/** An unsigned 32-bit number, seven bits a byte, the lowest first. */
export function putVarint(at: number, value: number): number {
  let p = at;
  let rest = value;
  while (rest > 127) {
    scratch[p++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  scratch[p++] = rest;
  return p;
}

/** A negative number has ten bytes: 64 bits of two's complement. */
function putVarint64(at: number, value: number): number {
  let p = at;
  let low = value >>> 0;
  let high = Math.floor(value / 4_294_967_296) >>> 0;
  while (high > 0) {
    scratch[p++] = (low & 127) | 128;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  return putVarint(p, low);
}

export function putUint32(at: number, value: number, field: string): number {
  noteZero(value);
  const checked = uint32(value, field);
  if (checked < 128) {
    scratch[at] = checked;
    return at + 1;
  }
  return putVarint(at, checked);
}

export function putInt32(at: number, value: number, field: string): number {
  noteZero(value);
  const checked = int32(value, field);
  return checked < 0 ? putVarint64(at, checked) : putVarint(at, checked);
}

export function putSint32(at: number, value: number, field: string): number {
  noteZero(value);
  const checked = int32(value, field);
  return putVarint(at, ((checked << 1) ^ (checked >> 31)) >>> 0);
}

export function putInt64(at: number, value: number, field: string): number {
  noteZero(value);
  return putVarint64(at, int64(value, field));
}

export function putDouble(at: number, value: number, field: string): number {
  noteZero(value);
  const checked = finite(value, field);
  if (at + 8 <= SCRATCH_BYTES) view.setFloat64(at, checked, true);
  return at + 8;
}

export function putFlag(at: number, value: boolean, field: string): number {
  scratch[at] = flag(value, field) ? 1 : 0;
  return at + 1;
}

/** `known` has a 1 at each value of the enum. */
export function putEnum(at: number, value: number, known: Uint8Array, field: string): number {
  if (typeof value !== 'number' || known[value] !== 1) {
    throw new ContractError(field, 'a known enum value', value);
  }
  noteZero(value);
  return putVarint(at, value);
}

/** Texts up to here have one byte of length, and nearly all that we have. */
const SHORT_TEXT_MAX = 127;

export function putText(at: number, value: string, field: string): number {
  if (typeof value !== 'string' || value.length > SHORT_TEXT_MAX) return putAnyText(at, value, field);
  const { length } = value;
  scratch[at] = length;
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 127) return putAnyText(at, value, field);
    scratch[at + 1 + i] = unit;
  }
  return at + 1 + length;
}

function putAnyText(at: number, value: string, field: string): number {
  const checked = text(value, field);
  const bytes = Buffer.byteLength(checked, 'utf8');
  const start = putVarint(at, bytes);
  if (start + bytes <= SCRATCH_BYTES) scratchBuffer.write(checked, start, 'utf8');
  return start + bytes;
}

/** Throws unless it is a list of a length that is allowed. */
export function checkList(value: readonly unknown[], field: string): void {
  if (!Array.isArray(value)) throw new ContractError(field, 'a list', value);
  if (value.length > LIST_LENGTH_MAX) {
    throw new ContractError(field, `at most ${LIST_LENGTH_MAX} items`, value);
  }
}

/** Where the content of a nested message or packed list goes, with room for its length before it. */
export function contentStart(place: number, at: number): number {
  return at + lengthSizes[place]!;
}

/** Puts the length before the content that was written from `start` to `end`. */
export function putLength(place: number, at: number, start: number, end: number): number {
  const length = end - start;
  const size = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4;
  if (at + size !== start) {
    scratch.copyWithin(at + size, start, end);
    lengthSizes[place] = size;
  }
  putVarint(at, length);
  return at + size + length;
}
