/**
 * A command whose code is loaded when it is asked for: reading the whole system takes a second, and `bw --help` or
 * `bw models list` needs little of it.
 */
export function later<A extends readonly unknown[], R>(
  load: () => Promise<(...args: A) => R | Promise<R>>,
): (...args: A) => Promise<R> {
  return async (...args) => (await load())(...args);
}
