/** A broken invariant: a programmer's error, never bad input. The process that sees one must not go on. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  readonly code = 'invariant_broken';
}

/** Throws {@link InvariantError} unless the condition holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The value, or {@link InvariantError} where it is missing. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`Expected ${what} to be present`);
  return value;
}
