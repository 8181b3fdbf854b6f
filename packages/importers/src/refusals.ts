import { BellwetherError } from '@bellwether/contracts';

/** A file that cannot be used as it is. */
export function unreadable(name: string, what: string, cause?: unknown): BellwetherError {
  const more = cause === undefined ? undefined : { cause };
  return new BellwetherError('data_unreadable', `${name}: ${what}`, [], more);
}

/** Evidence that conflicts or does not suffice; `next` says which options settle it. */
export function unclear(name: string, what: string, next: string): BellwetherError {
  return new BellwetherError('format_unclear', `${name}: ${what}. Next: ${next}`);
}

/** The wrong instrument, or several. */
export function symbolUnclear(name: string, what: string): BellwetherError {
  return new BellwetherError('symbol_unclear', `${name}: ${what}`);
}

/** Text from a file, short and without control characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
