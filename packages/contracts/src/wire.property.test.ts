/**
 * Goal: our own writers and readers give and accept exactly the bytes of protobufjs's codec with the canonical check
 * around it. Method: random messages of every type, then bytes with one fault drawn from a seed: flipped bits, cut
 * tails, fields that are swapped, repeated, dropped or set to a default, lengths and numbers in a longer form.
 */
import { describe, expect, it } from '@jest/globals';
import protobuf from 'protobufjs';
import { ContractError } from './canonical.js';
import {
  canonicalOf,
  loadDefinitions,
  randomMessage,
  readerOf,
  seeded,
  shuffleKeys,
  writerOf,
  type Plain,
  type Uniform,
} from './random-messages.js';
import { mutated } from './wire-mutations.js';
import { oracleDecode, oracleEncode } from './wire-oracle.js';
import { readAll } from './wire-read.js';
import { met, written } from './wire-write.js';

const definitions = loadDefinitions();
const types = definitions
  .lookupTypeOrEnum('bellwether.v1.Frame')
  .parent?.nestedArray.filter((item) => item instanceof protobuf.Type) as protobuf.Type[];

function encoded(type: protobuf.Type, message: unknown): Uint8Array {
  return written(writerOf(type.name)(0, message));
}

/** The message, or null where the bytes are refused. Anything but a ContractError is a fault of ours. */
function decoded(type: protobuf.Type, bytes: Uint8Array): unknown {
  try {
    return readAll(bytes, readerOf(type.name));
  } catch (cause) {
    if (cause instanceof ContractError) return null;
    throw cause;
  }
}

/** For each type of message. */
const MESSAGES = 20;
/** For each of those. */
const FAULTS = 25;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe.each(types.map((type) => ({ name: type.name, type })))('$name', ({ type }) => {
  it('has the bytes of protobufjs, whatever the order of its keys', () => {
    for (let seed = 1; seed <= MESSAGES; seed++) {
      const random = seeded(seed);
      const message = randomMessage(type, random);
      const wanted = hex(oracleEncode(type, message));
      expect(hex(encoded(type, message))).toBe(wanted);
      expect(hex(encoded(type, shuffleKeys(message, random)))).toBe(wanted);
    }
  });

  it('comes back from its bytes as it was', () => {
    for (let seed = 1; seed <= MESSAGES; seed++) {
      const message = randomMessage(type, seeded(seed));
      expect(decoded(type, encoded(type, message))).toEqual(message);
    }
  });

  it('accepts of bytes with a fault what protobufjs and an encoding anew accept', () => {
    const different: object[] = [];
    for (let seed = 1; seed <= MESSAGES; seed++) {
      const random: Uniform = seeded(20_000 + seed);
      const bytes = oracleEncode(type, randomMessage(type, random));
      for (let fault = 0; fault < FAULTS; fault++) {
        const faulty = mutated(bytes, type, random);
        const wanted = JSON.stringify(oracleDecode(type, faulty));
        const found = JSON.stringify(decoded(type, faulty));
        if (found !== wanted) different.push({ seed, fault, bytes: hex(faulty), wanted, found });
      }
    }
    expect(different).toEqual([]);
  });

  it('says where a value was written in another form than it had', () => {
    const message = randomMessage(type, seeded(7));
    met.altered = false;
    encoded(type, message);
    expect(met.altered).toBe(false);
    for (const field of type.fieldsArray) {
      const odd = oddForm(field, message);
      if (odd === undefined) continue;
      met.altered = false;
      const bytes = encoded(type, { ...message, [field.name]: odd.value });
      expect({ field: field.name, altered: met.altered }).toEqual({ field: field.name, altered: true });
      const plain: Plain = { ...message, [field.name]: odd.canonical };
      expect(hex(bytes)).toBe(hex(oracleEncode(type, canonicalOf(type.name)(plain))));
    }
  });
});

/** A value of the field that is not in canonical form, and its canonical form; undefined where there is none. */
function oddForm(
  field: protobuf.Field,
  message: Plain,
): { readonly value: unknown; readonly canonical: unknown } | undefined {
  const group = field.partOf !== null && field.partOf.fieldsArray.length > 1;
  if (group && message[field.name] !== null) return undefined;
  const nullable = !field.repeated && (field.partOf !== null || field.resolvedType instanceof protobuf.Type);
  if (nullable) return { value: undefined, canonical: null };
  const numeric = field.resolvedType instanceof protobuf.Enum || !['string', 'bool'].includes(field.type);
  if (field.resolvedType instanceof protobuf.Type || !numeric) return undefined;
  return field.repeated ? { value: [-0], canonical: [0] } : { value: -0, canonical: 0 };
}
