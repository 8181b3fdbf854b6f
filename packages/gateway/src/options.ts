import type { FastifyBaseLogger } from 'fastify';
import type { BookConfig } from '@bellwether/contracts';
import type { Bus } from '@bellwether/bus';
import type { NewsScorer } from '@bellwether/events';
import type { GatewayMetrics } from './metrics.js';

/** One book that the gateway serves. */
export interface GatewayBook {
  readonly book: string;
  /** Its configuration, until a release entry of the book brings another. */
  readonly config: BookConfig;
  /**
   * `receive`: an entry is known when the gateway receives it (live). `event`: it is known at its own time,
   * so that a replay over HTTP gives the same bytes; every request must then carry its time.
   */
  readonly knownTime: 'receive' | 'event';
  /**
   * What is said of the data that the book is fed with, such as `pass (bars.csv)`: it stands beside every profit and loss.
   * Default: unknown. A function, as a verdict may come after the gateway has started.
   */
  readonly dataMark?: () => string;
}

/** What stands beside a profit and loss where nobody has judged the data. */
export const DATA_UNKNOWN = 'unknown (no verdict was made of the data that feed this book)';

/** Bounds of the gateway. Each has a default in {@link DEFAULT_LIMITS}. */
export interface GatewayLimits {
  /** Largest request body, in bytes. */
  readonly bodyBytes: number;
  /** How long `/v1/signal` waits for its decision, from receipt. */
  readonly signalTimeoutMs: number;
  /** How long `/v1/tick` waits for the regime, and `/v1/fill` and `/v1/close` for the portfolio. */
  readonly tickTimeoutMs: number;
  /** How long an answer that is late already waits for its `abandon` entry to be stored. */
  readonly abandonWaitMs: number;
  /** Requests that wait for an answer of the line at one time; one more is refused with 503. */
  readonly maxPending: number;
  /** Open `/v1/stream` connections. */
  readonly streamClients: number;
  /** Bytes that may wait for one stream client; one that reads slower is disconnected. */
  readonly streamClientBytes: number;
  /** Frames that a client may have missed and still get after a reconnect. */
  readonly streamResumeFrames: number;
  /** Time between two comment lines on a quiet stream. */
  readonly streamHeartbeatMs: number;
  /** How long an answer of the audit log is waited for. */
  readonly auditTimeoutMs: number;
  /** Questions to the audit log at one time; one more is refused with 503. */
  readonly auditQuestions: number;
  /** Entries whose frames are found without the audit log, per book. Two trade dates need about 10,000. */
  readonly indexEntries: number;
  /**
   * How far the time of a bar or a fill may lie after the gateway's clock, in a book that is known at
   * receipt.
   */
  readonly clockToleranceUs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  bodyBytes: 64 * 1024,
  signalTimeoutMs: 2_000,
  tickTimeoutMs: 2_000,
  abandonWaitMs: 250,
  maxPending: 1_000,
  streamClients: 100,
  streamClientBytes: 256 * 1024,
  streamResumeFrames: 10_000,
  streamHeartbeatMs: 15_000,
  auditTimeoutMs: 2_000,
  auditQuestions: 16,
  indexEntries: 200_000,
  clockToleranceUs: 5_000_000,
};

export interface GatewayOptions {
  readonly bus: Bus;
  readonly books: readonly GatewayBook[];
  /** Microseconds UTC. Stamps requests and measures latency; nothing else reads a clock. */
  readonly nowUs: () => number;
  /** Any pino-compatible logger. */
  readonly logger: FastifyBaseLogger;
  readonly metrics: GatewayMetrics;
  readonly version: string;
  /** What `POST /v1/operator` must carry. Default: that route is off. */
  readonly operatorToken?: string;
  /** Scores headlines. Default: by our own lexicon. */
  readonly scorer?: NewsScorer;
  readonly limits?: Partial<GatewayLimits>;
  /** Default `127.0.0.1`. Another address must be named here: there is no authentication. */
  readonly host?: string;
  /**
   * Host names that a request may name. Default: those of loopback where it is bound to it, else any. To be given where the
   * gateway listens on all addresses of a container and is published on loopback.
   */
  readonly names?: readonly string[];
  /** Default 7080; 0 takes a free one. */
  readonly port?: number;
}
