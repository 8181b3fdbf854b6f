import type { MsgHdrs } from '@nats-io/nats-core';
import type { StoredMessage } from '../bus.js';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
/** Headers of the protocol between client and server; never the caller's (limits.ts refuses them). */
const OF_THE_SERVER = /^nats-/i;

/** The caller's headers, without those of the server. */
export function callerHeaders(headers: MsgHdrs | undefined): Readonly<Record<string, string>> {
  if (headers === undefined) return NO_HEADERS;
  const out: Record<string, string> = {};
  for (const name of headers.keys()) if (!OF_THE_SERVER.test(name)) out[name] = headers.get(name);
  return out;
}

export function storedMessage(
  subject: string,
  sequence: number,
  data: Uint8Array,
  headers: MsgHdrs | undefined,
): StoredMessage {
  return { subject, sequence, data, headers: callerHeaders(headers) };
}
