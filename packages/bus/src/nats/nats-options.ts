import { BusMisconfigured } from './nats-errors.js';

export interface NatsBusOptions {
  /** `host:port` or URLs of one cluster. */
  readonly servers: string | readonly string[];
  /** Name of this client on the server, for people. */
  readonly name: string;
  readonly token?: string;
  readonly user?: string;
  readonly pass?: string;
  /** Copies of each stream and bucket: 3 in a cluster of at least three servers. Default 1. */
  readonly replicas?: 1 | 3;
  /** Most bytes of one stream; a full one refuses. Default 512 MiB. The server reserves it. */
  readonly streamBytesMax?: number;
  /** How long to try to connect and to find the streams at start, in milliseconds. Default 30,000. */
  readonly connectDeadlineMs?: number;
  /** After this long without an answer a call fails: an append with OutcomeUnknown. Default 5,000. */
  readonly callDeadlineMs?: number;
  /** An append whose acknowledgement takes longer is sent again under the same message id. Default 2,000. */
  readonly ackTimeoutMs?: number;
  readonly leaseTtlMs?: number;
  /** Idle heartbeat of readers; two missed ones renew the consumer. 500 to 15,000, default 1,000. */
  readonly heartbeatMs?: number;
}

export const STREAM_BYTES_MAX = 512 * 1024 ** 2;
export const CONNECT_DEADLINE_MS = 30_000;
export const CALL_DEADLINE_MS = 5_000;
export const ACK_TIMEOUT_MS = 2_000;
export const HEARTBEAT_MS = 1_000;
/** The server forgets a message id after this long. Appends give up long before. */
export const DUPLICATE_WINDOW_MS = 120_000;

const RANGES = {
  streamBytesMax: [1, Number.MAX_SAFE_INTEGER],
  connectDeadlineMs: [1, 3_600_000],
  callDeadlineMs: [1, DUPLICATE_WINDOW_MS / 2],
  ackTimeoutMs: [1, DUPLICATE_WINDOW_MS / 2],
  leaseTtlMs: [100, 3_600_000],
  heartbeatMs: [500, 15_000],
} as const;

/** Throws {@link BusMisconfigured} with the first number that is out of its range. */
export function checkOptions(options: NatsBusOptions): void {
  for (const name of Object.keys(RANGES) as (keyof typeof RANGES)[]) {
    const value = options[name];
    const [least, most] = RANGES[name];
    if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) continue;
    throw new BusMisconfigured(`${name}: Expected a whole number from ${least} to ${most}, was ${value}`);
  }
}
