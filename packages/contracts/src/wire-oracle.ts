/**
 * Test support: the codec as protobufjs has it, by reflection over the .proto files, with the canonical form around it.
 * What it writes, and what it accepts, is what our own code must write and accept.
 */
import protobuf from 'protobufjs';
import { equalBytes } from './codec.js';
import { ContractError } from './canonical.js';
import { canonicalOf, mayBeNull, type Plain } from './random-messages.js';

export function oracleEncode(type: protobuf.Type, message: Plain): Uint8Array {
  return type.encode(canonicalOf(type.name)(message)).finish();
}

/** The message in these bytes, or null unless they are exactly its canonical bytes. */
export function oracleDecode(type: protobuf.Type, bytes: Uint8Array): Plain | null {
  let raw: protobuf.Message;
  try {
    raw = type.decode(bytes);
  } catch {
    return null;
  }
  try {
    const message = canonicalOf(type.name)(plainOf(type, raw));
    return equalBytes(type.encode(message).finish(), bytes) ? message : null;
  } catch (cause) {
    if (cause instanceof ContractError) return null;
    throw cause;
  }
}

/** What was in the bytes; an optional field that was not is null. (protobufjs gives an enum 0 there.) */
function plainOf(type: protobuf.Type, raw: object): Plain {
  const read = raw as Plain;
  const out: Plain = {};
  if (read['$unknowns'] !== undefined) out['$unknowns'] = read['$unknowns'];
  const one = (field: protobuf.Field, value: unknown): unknown =>
    field.resolvedType instanceof protobuf.Type && typeof value === 'object' && value !== null
      ? plainOf(field.resolvedType, value)
      : value;
  for (const field of type.fieldsArray) {
    const value = read[field.name];
    if (mayBeNull(field) && !Object.hasOwn(raw, field.name)) out[field.name] = null;
    else out[field.name] = Array.isArray(value) ? value.map((item) => one(field, item)) : one(field, value);
  }
  return out;
}
