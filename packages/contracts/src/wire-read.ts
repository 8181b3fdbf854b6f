/**
 * Strict reading of protobuf bytes: whatever the canonical form of the same message would write otherwise is refused
 * here, field by field, so that nothing has to be encoded again to compare. The generated `read…` functions call these.
 * `end` is where the message ends that is being read.
 */
import { ContractError, LIST_LENGTH_MAX, TEXT_LENGTH_MAX, text } from './canonical.js';

/** What is being read, and where. Nobody else's code runs meanwhile, so one of each is enough. */
const NOTHING = Buffer.alloc(0);
let input: Buffer = NOTHING;
let at = 0;

/** Reads one whole message. */
export function readAll<T>(bytes: Uint8Array, read: (end: number) => T): T {
  input = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  at = 0;
  try {
    return read(input.length);
  } finally {
    input = NOTHING;
  }
}

function refuse(field: string, wanted: string): never {
  throw new ContractError(field, `canonical bytes with ${wanted}`, `something else at byte ${at}`);
}

/** A varint of at most 53 bits, or a negative one in ten bytes; in its shortest form. */
function varint(end: number, field: string): number {
  if (at >= end) refuse(field, 'more bytes');
  const first = input[at]!;
  if (first < 128) {
    at += 1;
    return first;
  }
  let low = first & 127;
  let high = 0;
  let shift = 7;
  for (let i = 1; ; i++) {
    if (at + i >= end) refuse(field, 'more bytes');
    const byte = input[at + i]!;
    if (i < 4) low |= (byte & 127) << shift;
    else if (i < 8) high |= (byte & 127) << (shift - 28);
    else return negative(end, low, high, field);
    shift += 7;
    if (byte < 128) {
      if (byte === 0) refuse(field, 'the shortest form of a number');
      at += i + 1;
      if (high >= 0x2000000) refuse(field, 'an integer below 2^53');
      return high * 0x10000000 + low;
    }
  }
}

/** The lowest 56 bits were read; those above must be ones. */
function negative(end: number, low: number, high: number, field: string): number {
  if (at + 10 > end || input[at + 8] !== 0xff || input[at + 9] !== 1) {
    refuse(field, 'an integer below 2^53');
  }
  const value = (high - 0x10000000) * 0x10000000 + low;
  if (!Number.isSafeInteger(value)) refuse(field, 'an integer below 2^53');
  at += 10;
  return value;
}

/** The tag of the next field, 0 at the end of the message. */
export function readTag(end: number, name: string): number {
  if (at === end) return 0;
  const tag = varint(end, name);
  if (tag === 0) refuse(name, 'a field number');
  return tag;
}

/** What stands where the message should end: an unknown field, one that comes twice or one out of order. */
export function refuseTag(tag: number, name: string): never {
  refuse(name, `the fields of the definition, each once and in order, before field ${tag >>> 3}`);
}

/** A default that is written where leaving it out says the same. */
export function refuseDefault(field: string): never {
  refuse(field, 'nothing for a default value');
}

export function readUint32(end: number, field: string): number {
  const value = varint(end, field);
  if (value < 0 || value > 4_294_967_295) refuse(field, 'an unsigned 32-bit integer');
  return value;
}

export function readInt32(end: number, field: string): number {
  const value = varint(end, field);
  if ((value | 0) !== value) refuse(field, 'a 32-bit integer');
  return value;
}

export function readSint32(end: number, field: string): number {
  const value = readUint32(end, field);
  return (value >>> 1) ^ -(value & 1);
}

export function readInt64(end: number, field: string): number {
  return varint(end, field);
}

export function readFlag(end: number, field: string): boolean {
  const value = varint(end, field);
  if (value !== 0 && value !== 1) refuse(field, 'a boolean');
  return value === 1;
}

export function readEnum(end: number, known: Uint8Array, field: string): number {
  const value = varint(end, field);
  if (known[value] !== 1) throw new ContractError(field, 'a known enum value', value);
  return value;
}

const doubles = new Float64Array(1);
const doubleBytes = new Uint8Array(doubles.buffer);

export function readDouble(end: number, field: string): number {
  if (at + 8 > end) refuse(field, 'more bytes');
  for (let i = 0; i < 8; i++) doubleBytes[i] = input[at + i]!;
  const value = doubles[0]!;
  if (!Number.isFinite(value) || Object.is(value, -0))
    throw new ContractError(field, 'a finite number', value);
  at += 8;
  return value;
}

/** Where the nested message, packed list or text that starts here ends. */
export function readLength(end: number, field: string): number {
  const length = varint(end, field);
  if (length < 0 || length > end - at) refuse(field, 'more bytes');
  return at + length;
}

export function readText(end: number, field: string): string {
  const stop = readLength(end, field);
  const start = at;
  for (let i = start; i < stop; i++) if (input[i]! > 127) return readAnyText(start, stop, field);
  if (stop - start > TEXT_LENGTH_MAX) refuse(field, `at most ${TEXT_LENGTH_MAX} characters`);
  at = stop;
  return input.toString('latin1', start, stop);
}

function readAnyText(start: number, stop: number, field: string): string {
  const value = text(input.toString('utf8', start, stop), field);
  // What is no UTF-8 was replaced, so it would be written otherwise.
  if (!Buffer.from(value, 'utf8').equals(input.subarray(start, stop))) refuse(field, 'UTF-8');
  at = stop;
  return value;
}

/** True while there is more of a packed list that ends at `stop`. An empty one is not written at all. */
export function inList(stop: number): boolean {
  return at < stop;
}

export function checkCount(count: number, field: string): void {
  if (count > LIST_LENGTH_MAX) throw new ContractError(field, `at most ${LIST_LENGTH_MAX} items`, count);
}
