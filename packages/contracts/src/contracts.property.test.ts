/**
 * Goal: every message has one canonical form, whatever its fields. Method: random frames and entries made from the
 * .proto files, then one fault at a time put into each field of each message type.
 */
import { describe, expect, it } from '@jest/globals';
import protobuf from 'protobufjs';
import {
  ContractError,
  decodeEntry,
  decodeFrame,
  encodeEntry,
  encodeFrame,
  equalBytes,
  type Entry,
  type Frame,
} from './index.js';
import {
  canonicalOf,
  loadDefinitions,
  mayBeNull,
  randomMessage,
  seeded,
  shuffleKeys,
  writerOf,
  type Plain,
} from './random-messages.js';

const definitions = loadDefinitions();
const frameType = definitions.lookupType('bellwether.v1.Frame');
const entryType = definitions.lookupType('bellwether.v1.Entry');
const typeNames = definitions
  .lookupTypeOrEnum('bellwether.v1.Frame')
  .parent?.nestedArray.filter((item) => item instanceof protobuf.Type)
  .map((item) => item.name) as string[];

const asFrame = (value: unknown): Frame => value as Frame;
const asEntry = (value: unknown): Entry => value as Entry;

describe('canonical bytes of random messages', () => {
  it('survive the wire and do not depend on the order of keys', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = seeded(seed);
      const frame = randomMessage(frameType, random);
      const bytes = encodeFrame(asFrame(frame));
      const decoded = decodeFrame(bytes);
      expect(decoded).toEqual(frame);
      expect(equalBytes(encodeFrame(decoded), bytes)).toBe(true);
      expect(equalBytes(encodeFrame(asFrame(shuffleKeys(frame, random))), bytes)).toBe(true);
    }
  });

  it('give entries back as they were', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(1000 + seed);
      const entry = randomMessage(entryType, random);
      const bytes = encodeEntry(asEntry(entry));
      expect(decodeEntry(bytes)).toEqual(entry);
      expect(equalBytes(encodeEntry(asEntry(shuffleKeys(entry, random))), bytes)).toBe(true);
    }
  });

  it('differ when the messages differ', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 300; seed++) {
      const entry = { ...randomMessage(entryType, seeded(seed)), id: `entry-${seed}` };
      seen.add(Buffer.from(encodeEntry(asEntry(entry))).toString('hex'));
    }
    expect(seen.size).toBe(300);
  });

  it('are refused when any single byte is cut off or put on', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const bytes = encodeEntry(asEntry(randomMessage(entryType, seeded(5000 + seed))));
      expect(() => decodeEntry(bytes.subarray(0, bytes.length - 1))).toThrow(ContractError);
      expect(() => decodeEntry(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(ContractError);
    }
  });
});

/** What must be refused in a field of this type. */
function badValues(field: protobuf.Field): readonly unknown[] {
  if (field.resolvedType instanceof protobuf.Enum) return [-1, 9_999, 0.5, NaN, '1'];
  if (field.resolvedType instanceof protobuf.Type) return ['text', 7];
  switch (field.type) {
    case 'string':
      return [1, 'x'.repeat(4_097)];
    case 'bool':
      return [0, 'true'];
    case 'double':
      return [NaN, Infinity, -Infinity, '1'];
    case 'uint32':
      return [-1, 2 ** 32, 1.5, NaN];
    case 'int64':
      return [2 ** 53, -(2 ** 53), 1.5, NaN, '1'];
    default:
      return [2 ** 31, -(2 ** 31) - 1, 0.25, NaN];
  }
}

/** The two that check a message: what gives its canonical form, and what writes its bytes. */
const checks = (name: string): readonly ((message: Plain) => unknown)[] => [
  canonicalOf(name),
  (message) => writerOf(name)(0, message),
];

describe.each(typeNames)('%s', (name) => {
  const type = definitions.lookupType(`bellwether.v1.${name}`);
  const canonical = canonicalOf(name);
  const sample = (): Plain => randomMessage(type, seeded(77));

  it('refuses what a field cannot hold, and names the field', () => {
    for (const field of type.fieldsArray) {
      for (const bad of badValues(field)) {
        const value = field.repeated ? [bad] : bad;
        const nested =
          field.resolvedType instanceof protobuf.Type ? field.resolvedType.name : `${name}.${field.name}`;
        for (const check of checks(name)) {
          const run = (): unknown => check({ ...sample(), [field.name]: value });
          expect(run).toThrow(ContractError);
          expect(run).toThrow(nested);
        }
      }
    }
  });

  it('refuses a field that is missing where it cannot be unset', () => {
    for (const field of type.fieldsArray) {
      const message = Object.fromEntries(Object.entries(sample()).filter(([key]) => key !== field.name));
      if (mayBeNull(field)) expect(canonical(message)[field.name]).toBeNull();
      else for (const check of checks(name)) expect(() => check(message)).toThrow(`${name}.${field.name}`);
    }
  });

  it('refuses a key that it does not have', () => {
    const extra = { ...sample(), extra: 1 };
    const unknowns = Object.defineProperty(sample(), '$unknowns', { value: [1], enumerable: false });
    for (const check of checks(name)) {
      expect(() => check(extra)).toThrow(`${name}.extra: Expected no such field`);
      expect(() => check(unknowns)).toThrow(`${name}: Expected no unknown fields`);
    }
  });

  it('refuses what is no message', () => {
    for (const check of checks(name)) {
      for (const wrong of [null, 'text', 7]) {
        expect(() => check(wrong as never)).toThrow(ContractError);
      }
    }
  });
});
