/**
 * Checks behind the canonical form of every message: equal objects give equal bytes, and what cannot be written
 * without loss is refused. The generated `canonical…` functions call these.
 */

/** A message that has no canonical form. `field` names the message and field, for example `Bar.open_us`. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code = 'contract_violation';
  constructor(
    readonly field: string,
    expected: string,
    actual: unknown,
  ) {
    super(`${field}: Expected ${expected}, was ${describe(actual)}`);
  }
}

function describe(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}

export function int32(value: number, field: string): number {
  if (typeof value !== 'number' || (value | 0) !== value)
    throw new ContractError(field, 'a 32-bit integer', value);
  return value | 0;
}

export function uint32(value: number, field: string): number {
  if (typeof value !== 'number' || value >>> 0 !== value) {
    throw new ContractError(field, 'an unsigned 32-bit integer', value);
  }
  return value >>> 0;
}

/** Microseconds, cents and volumes: integers that a double holds exactly. */
export function int64(value: number, field: string): number {
  if (!Number.isSafeInteger(value)) throw new ContractError(field, 'an integer below 2^53', value);
  return value === 0 ? 0 : value;
}

export function finite(value: number, field: string): number {
  if (!Number.isFinite(value)) throw new ContractError(field, 'a finite number', value);
  return value === 0 ? 0 : value;
}

/** Longest string in a message, in UTF-16 units: ids, names and fault details are short. */
export const TEXT_LENGTH_MAX = 4_096;

export function text(value: string, field: string): string {
  if (typeof value !== 'string') throw new ContractError(field, 'a string', value);
  if (value.length > TEXT_LENGTH_MAX) {
    throw new ContractError(field, `at most ${TEXT_LENGTH_MAX} characters`, value);
  }
  // Half a surrogate pair has no UTF-8: it would come back as another text.
  if (/\p{Surrogate}/u.test(value)) throw new ContractError(field, 'well-formed Unicode', value);
  return value;
}

export function flag(value: boolean, field: string): boolean {
  if (typeof value !== 'boolean') throw new ContractError(field, 'a boolean', value);
  return value;
}

export function oneOf(value: number, known: ReadonlySet<number>, field: string): number {
  if (!known.has(value)) throw new ContractError(field, 'a known enum value', value);
  return value === 0 ? 0 : value;
}

/** Longest list in a message: one trade date of one-minute bars is 1,380. */
export const LIST_LENGTH_MAX = 4_096;

export function list<T>(value: readonly T[], field: string, check: (item: T) => T): readonly T[] {
  if (!Array.isArray(value)) throw new ContractError(field, 'a list', value);
  if (value.length > LIST_LENGTH_MAX)
    throw new ContractError(field, `at most ${LIST_LENGTH_MAX} items`, value);
  // A copy has the kind of its original: numbers that lie side by side do so in it too.
  const out = value.slice() as T[];
  for (let i = 0; i < out.length; i++) out[i] = check(out[i] as T);
  return out;
}

/** Of the members of a oneof, one may be set: the wire keeps only the last. */
export function atMostOne(members: readonly unknown[], field: string): void {
  let set = 0;
  for (const member of members) if (member !== null && member !== undefined) set += 1;
  if (set > 1) throw new ContractError(field, 'at most one member', `${set} members`);
}

/** Refuses keys that the message does not have, and unknown fields that the decoder kept. */
export function keysOf(message: object, known: ReadonlySet<string>, name: string): void {
  if (typeof message !== 'object' || message === null) throw new ContractError(name, 'an object', message);
  for (const key of Object.keys(message)) {
    if (!known.has(key)) throw new ContractError(`${name}.${key}`, 'no such field', (message as never)[key]);
  }
  if (Object.hasOwn(message, '$unknowns')) throw new ContractError(name, 'no unknown fields', message);
}
