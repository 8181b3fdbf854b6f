import { BellwetherError, type ErrorCode, type Problem } from '@bellwether/contracts';

/**
 * Problems listed in one answer; the rest is counted. A body of 64 KiB can hold thousands of unknown keys.
 */
export const PROBLEMS_MAX = 100;

/** Everything that is wrong with one request, gathered before it is refused. */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #codes = new Set<ErrorCode>();
  #dropped = 0;

  add(path: string, message: string, code: ErrorCode = 'invalid_request'): void {
    this.#codes.add(code);
    if (this.#found.length < PROBLEMS_MAX) this.#found.push({ path, message });
    else this.#dropped += 1;
  }

  /**
   * Throws {@link BellwetherError} where there is any problem. Its code is that of the problems where they
   * all share one, else `invalid_request`.
   */
  throwIfAny(detail: string): void {
    if (this.#found.length === 0) return;
    const [code] = [...this.#codes];
    const shared = this.#codes.size === 1 && code !== undefined ? code : 'invalid_request';
    const more = this.#dropped === 0 ? [] : [{ path: '', message: `${this.#dropped} more problems` }];
    throw new BellwetherError(shared, detail, [...this.#found, ...more]);
  }
}
