import { MESSAGE_BYTES_MAX } from '@bellwether/contracts';
import { BusRefused } from './bus.js';

/** Largest `data` of one message, in bytes: every frame and entry fits, and so does a default NATS server. */
export const PAYLOAD_BYTES_MAX = MESSAGE_BYTES_MAX;
/** Names and values of one message's headers together, in UTF-16 units. Payload and headers stay below 1 MiB. */
export const HEADERS_LENGTH_MAX = 16_384;
/** Longest subject: an id of 200 characters, fully escaped, fits; so does the key of an LMDB index (1,978 bytes). */
export const SUBJECT_LENGTH_MAX = 1_900;
/** Largest blob, in bytes: a model or a snapshot, never a data set. */
export const BLOB_BYTES_MAX = 64 * 1024 * 1024;
/** Most questions that one responder works on at one time; one more is refused. */
export const ANSWERS_UNDER_WAY_MAX = 32;
/** Most questions of one bus that wait for their answers; one more is refused. */
export const REQUESTS_UNDER_WAY_MAX = 256;
/** Longest wait for an answer, in milliseconds. */
export const REQUEST_TIMEOUT_MS_MAX = 600_000;
/** Longest name of a lease or a blob. */
export const NAME_LENGTH_MAX = 240;
/** A lease that is not renewed for this long is free, unless the options say otherwise. */
export const LEASE_TTL_MS_DEFAULT = 10_000;

/** Printable ASCII without blanks and wildcards, in tokens that are not empty. */
const CONCRETE = /^[!-)+\-,/-=?-~]+(?:\.[!-)+\-,/-=?-~]+)*$/;
const HEADER_NAME = /^[A-Za-z0-9_-]{1,128}$/;
/** No blanks at the ends: the wire drops them. */
const HEADER_VALUE = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;
/** `/` and `=` are allowed, so that a name can have folders; the first character is a letter or a digit. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_=./-]*$/;

/** Throws {@link BusRefused} unless the subject names exactly one subject. */
export function checkSubject(subject: string): void {
  if (subject.length > SUBJECT_LENGTH_MAX || !CONCRETE.test(subject)) {
    throw new BusRefused(
      `Expected a subject without blanks and wildcards, was ${JSON.stringify(subject.slice(0, 200))}`,
    );
  }
}

/** Throws {@link BusRefused} unless the text can be a subject or a filter with wildcards. */
export function checkFilter(filter: string): void {
  const concrete = filter
    .split('.')
    .map((token, index, tokens) =>
      token === '*' || (token === '>' && index === tokens.length - 1) ? 'any' : token,
    )
    .join('.');
  if (concrete.length > SUBJECT_LENGTH_MAX || !CONCRETE.test(concrete)) {
    throw new BusRefused(`Expected a filter, was ${JSON.stringify(filter.slice(0, 200))}`);
  }
}

/** Throws {@link BusRefused} on a payload or headers above their limits, and on headers that the wire cannot carry. */
export function checkPayload(
  subject: string,
  data: Uint8Array,
  headers: Readonly<Record<string, string>> | undefined,
): void {
  if (data.length > PAYLOAD_BYTES_MAX) {
    throw new BusRefused(`${subject}: Expected at most ${PAYLOAD_BYTES_MAX} bytes, was ${data.length}`);
  }
  if (headers === undefined) return;
  let length = 0;
  for (const [name, value] of Object.entries(headers)) {
    length += name.length + value.length;
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) {
      throw new BusRefused(`${subject}: Expected a header of printable ASCII, was ${JSON.stringify(name)}`);
    }
    if (/^nats-/i.test(name)) throw new BusRefused(`${subject}: The header ${name} belongs to the server`);
  }
  if (length > HEADERS_LENGTH_MAX) {
    throw new BusRefused(
      `${subject}: Expected at most ${HEADERS_LENGTH_MAX} characters of headers, was ${length}`,
    );
  }
}

/** Throws {@link BusRefused} unless the name can be a key in every store. */
export function checkName(what: 'lease' | 'blob', name: string): void {
  const folders = name.split('/');
  const odd = name.length > NAME_LENGTH_MAX || !NAME.test(name) || /\.\.|\.$/.test(name);
  if (odd || folders.includes(''))
    throw new BusRefused(`Expected a ${what} name, was ${JSON.stringify(name.slice(0, 200))}`);
}

/** Throws {@link BusRefused} unless the number can be a sequence: a whole number from `least` on. */
export function checkSequence(what: string, value: number, least: 0 | 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new BusRefused(`${what}: Expected a whole number from ${least} on, was ${value}`);
  }
}
