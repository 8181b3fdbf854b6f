/** Test support: protobuf bytes with one fault in them, drawn from a source of random numbers. */
import protobuf from 'protobufjs';
import type { Uniform } from './random-messages.js';

type Bytes = readonly number[];

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;

/** One field as it stands in the bytes. */
interface Part {
  readonly id: number;
  readonly wire: number;
  /** The value alone; of a nested message or text without its length. */
  readonly value: Bytes;
}

function varintOf(value: number): Bytes {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return [...out, rest];
}

/** The same number with one byte more than it needs. */
function longer(bytes: Bytes): Bytes {
  return [...bytes.slice(0, -1), (bytes.at(-1) ?? 0) | 128, 0];
}

function partsOf(bytes: Uint8Array): Part[] {
  const reader = protobuf.Reader.create(bytes);
  const parts: Part[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const start = reader.pos;
    reader.skipType(tag & 7);
    const whole = bytes.subarray(start, reader.pos);
    const value = (tag & 7) === LENGTH ? protobuf.Reader.create(whole).bytes() : whole;
    parts.push({ id: tag >>> 3, wire: tag & 7, value: [...value] });
  }
  return parts;
}

function bytesOf(parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap(({ id, wire, value }) => [
      ...varintOf(id * 8 + wire),
      ...(wire === LENGTH ? varintOf(value.length) : []),
      ...value,
    ]),
  );
}

/** The bytes with one fault; now and then none, or one that changes nothing. */
export function mutated(bytes: Uint8Array, type: protobuf.Type, random: Uniform): Uint8Array {
  const below = (count: number): number => Math.floor(random() * count);
  const kind = below(10);
  if (kind < 3) return withRawFault(bytes, kind, below);
  const parts = partsOf(bytes);
  const at = below(parts.length);
  const part = parts[at];
  if (part === undefined) return withDefault(parts, type, below);
  const field = type.fieldsById[part.id];
  if (kind < 6 && field?.resolvedType instanceof protobuf.Type) {
    const inner = mutated(Uint8Array.from(part.value), field.resolvedType, random);
    return bytesOf(parts.with(at, { ...part, value: [...inner] }));
  }
  switch (below(6)) {
    case 0:
      return bytesOf(parts.toSpliced(at, 1));
    case 1:
      return bytesOf(parts.toSpliced(at, 0, part));
    case 2: {
      const other = below(parts.length);
      return bytesOf(parts.with(at, parts[other] ?? part).with(other, part));
    }
    case 3:
      return withDefault(parts, type, below);
    case 4:
      return bytesOf(parts.toSpliced(at, 0, { id: 1_000, wire: VARINT, value: [1] }));
    default:
      return withOddForm(parts, at, part);
  }
}

/** A flipped bit, a cut tail, a byte more. */
function withRawFault(bytes: Uint8Array, kind: number, below: (count: number) => number): Uint8Array {
  const at = below(bytes.length);
  if (kind === 0) return bytes.map((byte, i) => (i === at ? byte ^ (1 << below(8)) : byte));
  if (kind === 1) return bytes.slice(0, at);
  return Uint8Array.from([...bytes.slice(0, at), below(256), ...bytes.slice(at)]);
}

/** A field that is set to the default of its type in so many bytes, in its place or for the one that was there. */
function withDefault(
  parts: readonly Part[],
  type: protobuf.Type,
  below: (count: number) => number,
): Uint8Array {
  const field = type.fieldsArray[below(type.fieldsArray.length)];
  if (field === undefined) return bytesOf(parts);
  const isList = field.repeated || field.resolvedType instanceof protobuf.Type || field.type === 'string';
  const wire = isList ? LENGTH : field.type === 'double' ? FIXED64 : VARINT;
  const value = wire === LENGTH ? [] : Array.from({ length: wire === VARINT ? 1 : 8 }, () => 0);
  const others = parts.filter(({ id }) => id !== field.id);
  const at = others.filter(({ id }) => id < field.id).length;
  return bytesOf(others.toSpliced(at, 0, { id: field.id, wire, value }));
}

/** A number in a longer form than it needs, minus zero, or a list that is written field by field. */
function withOddForm(parts: readonly Part[], at: number, part: Part): Uint8Array {
  if (part.wire === VARINT) return bytesOf(parts.with(at, { ...part, value: longer(part.value) }));
  if (part.wire === FIXED64) {
    return bytesOf(parts.with(at, { ...part, value: [0, 0, 0, 0, 0, 0, 0, 128] }));
  }
  const items = part.value.map((byte) => ({ id: part.id, wire: VARINT, value: [byte & 127] }));
  return bytesOf(parts.toSpliced(at, 1, ...items));
}
