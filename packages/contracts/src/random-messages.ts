/** Test support: random messages of every type, made from the .proto files themselves, so that no field is forgotten. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import * as messages from './generated/messages.js';
import * as readers from './generated/readers.js';
import * as writers from './generated/writers.js';

/** protobufjs reads int64 as an object of two halves unless it is told that there is none: we have plain numbers. */
(protobuf.util as { Long: unknown }).Long = null;
protobuf.configure();

export type Uniform = () => number;

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): Uniform {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Plain = Record<string, unknown>;

const generated: Readonly<Record<string, unknown>> = { ...messages, ...readers, ...writers };

function functionOf(name: string): (...parameters: readonly unknown[]) => unknown {
  const found = generated[name];
  if (typeof found !== 'function') throw new Error(`Expected a generated function ${name}`);
  return (...parameters) => Reflect.apply(found, undefined, parameters) as unknown;
}

/** The generated function that gives the canonical form of a message. */
export function canonicalOf(name: string): (message: unknown) => Plain {
  const canonical = functionOf(`canonical${name}`);
  return (message) => canonical(message) as Plain;
}

/** The generated function that writes a message from a place on and gives the place after it. */
export function writerOf(name: string): (at: number, message: unknown) => number {
  const write = functionOf(`write${name}`);
  return (at, message) => write(at, message) as number;
}

/** The generated function that reads the message that ends there. */
export function readerOf(name: string): (end: number) => unknown {
  return functionOf(`read${name}`);
}

const protoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../proto');

/** The message definitions of bellwether.v1. */
export function loadDefinitions(): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => path.join(protoRoot, target);
  const files = fs
    .readdirSync(path.join(protoRoot, 'bellwether/v1'))
    .filter((name) => name.endsWith('.proto'));
  root.loadSync(
    files.sort().map((name) => `bellwether/v1/${name}`),
    { keepCase: true },
  );
  root.resolveAll();
  return root;
}

/** True for a field that may be null: explicit presence, member of a oneof, or a message. */
export function mayBeNull(field: protobuf.Field): boolean {
  return !field.repeated && (field.partOf !== null || field.resolvedType instanceof protobuf.Type);
}

const EDGE_TEXTS = ['', 'ES', 'a.b c*>%', 'Größe 𝄞', 'x'.repeat(300)];

function randomScalar(type: string, random: Uniform): unknown {
  const edge = random() < 0.4;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  switch (type) {
    case 'string':
      return edge ? pick(EDGE_TEXTS) : `id-${Math.floor(random() * 1e9)}`;
    case 'bool':
      return random() < 0.5;
    case 'double':
      return edge ? pick([0, 1, -1, Number.MIN_VALUE, Number.MAX_VALUE, 0.1]) : (random() - 0.5) * 1e3;
    case 'int32':
    case 'sint32':
      return edge ? pick([0, 1, -1, 2147483647, -2147483648]) : Math.floor((random() - 0.5) * 2e5) | 0;
    case 'uint32':
      return edge ? pick([0, 1, 4294967295]) : Math.floor(random() * 1e5);
    case 'int64':
      return edge
        ? pick([0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
        : Math.floor(random() * 1_757_000_000_000_000);
    default:
      throw new Error(`Expected a scalar of the contracts, was ${type}`);
  }
}

/** A random message with every key present; of a oneof exactly one member is set. */
export function randomMessage(type: protobuf.Type, random: Uniform): Plain {
  const out: Plain = {};
  const chosen = new Map<string, string>();
  for (const oneof of type.oneofsArray) {
    const members = oneof.fieldsArray;
    if (members.length > 1)
      chosen.set(oneof.name, members[Math.floor(random() * members.length)]?.name ?? '');
  }
  const one = (field: protobuf.Field): unknown => {
    if (field.resolvedType instanceof protobuf.Type) return randomMessage(field.resolvedType, random);
    if (field.resolvedType instanceof protobuf.Enum) {
      const values = Object.values(field.resolvedType.values);
      return values[Math.floor(random() * values.length)];
    }
    return randomScalar(field.type, random);
  };
  for (const field of type.fieldsArray) {
    const choice = field.partOf ? chosen.get(field.partOf.name) : undefined;
    if (choice !== undefined) out[field.name] = choice === field.name ? one(field) : null;
    else if (field.repeated)
      out[field.name] = Array.from({ length: Math.floor(random() * 4) }, () => one(field));
    else if (mayBeNull(field)) out[field.name] = random() < 0.5 ? one(field) : null;
    else out[field.name] = one(field);
  }
  return out;
}

/** The same message with its keys in another order, at every depth. */
export function shuffleKeys(value: unknown, random: Uniform): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  for (let i = keys.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [keys[i], keys[j]] = [keys[j] as string, keys[i] as string];
  }
  const out: Plain = {};
  for (const key of keys) out[key] = shuffleKeys((value as Plain)[key], random);
  return out;
}
