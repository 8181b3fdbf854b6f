import { deserialize, serialize } from 'node:v8';

type Path = string;

function isView(value: unknown): value is ArrayBufferView {
  return ArrayBuffer.isView(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * Where two pieces of plain data differ first, as `path: Expected a, was b`, or null. Own keys count, their order and
 * the prototypes do not, so that what came out of another realm (`v8.deserialize` under Jest) compares as data.
 */
export function firstDifference(expected: unknown, actual: unknown, path: Path = 'value'): string | null {
  if (Object.is(expected, actual)) return null;
  if (!isRecord(expected) || !isRecord(actual)) return differs(path, expected, actual);
  if (isView(expected) || isView(actual)) return viewDifference(expected, actual, path);
  if (Array.isArray(expected) !== Array.isArray(actual)) return differs(path, expected, actual);
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length) {
    return `${path}: Expected ${expected.length} items, was ${actual.length}`;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    if (Object.hasOwn(expected, key) !== Object.hasOwn(actual, key)) {
      return differs(`${path}.${key}`, expected[key], actual[key]);
    }
    const inner = firstDifference(expected[key], actual[key], `${path}.${key}`);
    if (inner !== null) return inner;
  }
  return null;
}

function viewDifference(expected: object, actual: object, path: Path): string | null {
  if (!isView(expected) || !isView(actual) || expected.constructor.name !== actual.constructor.name) {
    return differs(path, expected, actual);
  }
  const bytes = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return bytes(expected).equals(bytes(actual)) ? null : `${path}: The typed arrays differ`;
}

/**
 * Where the matcher, a partial copy of the expected data, is not met: fields it does not list are not compared, lists
 * have as many items as the matcher's. Null when it is met.
 */
export function firstMismatch(matcher: unknown, actual: unknown, path: Path = 'part'): string | null {
  if (!isRecord(matcher) || isView(matcher)) return firstDifference(matcher, actual, path);
  if (!isRecord(actual)) return differs(path, matcher, actual);
  if (Array.isArray(matcher) && (!Array.isArray(actual) || actual.length !== matcher.length)) {
    return differs(path, matcher, actual);
  }
  for (const key of Object.keys(matcher)) {
    const inner = firstMismatch(matcher[key], actual[key], `${path}.${key}`);
    if (inner !== null) return inner;
  }
  return null;
}

function differs(path: Path, expected: unknown, actual: unknown): string {
  return `${path}: Expected ${shown(expected)}, was ${shown(actual)}`;
}

const SHOWN_LENGTH_MAX = 600;

function shown(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  const text = isRecord(value) ? JSON.stringify(value) : String(value);
  return text.slice(0, SHOWN_LENGTH_MAX);
}

/**
 * Where the value is not plain data that a snapshot restores exactly (kernel `Stage`): NaN, a function, a symbol, a
 * bigint, an instance of a class, a Map or a Set. Null when it is.
 */
export function firstUnplain(value: unknown, path: Path = 'state'): string | null {
  if (typeof value === 'number') return Number.isNaN(value) ? `${path}: NaN` : null;
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    return `${path}: A ${typeof value}`;
  }
  if (!isRecord(value) || isView(value)) return null;
  if (!Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      return `${path}: An instance of a class`;
  }
  for (const key of Object.keys(value)) {
    const inner = firstUnplain(value[key], `${path}.${key}`);
    if (inner !== null) return inner;
  }
  return null;
}

/** The same value, with every object in it frozen. Typed arrays cannot be frozen: {@link specify} compares them. */
export function deepFreeze<T>(value: T): T {
  if (!isRecord(value) || isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

/** What a snapshot would give back: through `v8.serialize`, as the host saves it. */
export function restored<T>(value: T): T {
  return deserialize(serialize(value)) as T;
}
