import { BusRefused, OutcomeUnknown, type Bus } from '@bellwether/bus';
import { BellwetherError, ServiceState, encodeStatus, subjects, type AuditHead } from '@bellwether/contracts';
import { InputGap, keepLease, type HostLog } from '@bellwether/host';
import type { AuditFiles } from './audit-files.js';
import type { AuditKey } from './audit-key.js';
import type { AuditReplay } from './background-replay.js';
import { AuditSession } from './audit-session.js';
import type { AuditIndex } from './index/audit-index.js';
import { AUDIT_SERVICE, type AuditMetrics } from './metrics.js';

export interface AuditOptions {
  readonly bus: Bus;
  readonly book: string;
  readonly files: AuditFiles;
  readonly key: AuditKey;
  /** Opens the index: once for each ownership of the book, after its log. */
  readonly index: () => AuditIndex;
  /** Tells this process from others that want the same book; with `lease` only one of them works. */
  readonly owner: string;
  readonly lease: boolean;
  readonly nowUs: () => number;
  /** False where the entries are of the past: a replay. */
  readonly measureLatency: boolean;
  /** Longest time that a frame waits for its commit. Default 100. */
  readonly commitMs?: number;
  /** Frames after which a commit begins at once. Default 1,000. */
  readonly commitFrames?: number;
  /** Time between two publications of the newest head. Default 5,000. */
  readonly repeatHeadMs?: number;
  readonly segmentBytesMax?: number;
  /** Computes the newest decisions again beside the log. Default: not. */
  readonly replay?: AuditReplay;
  /** Called with every new head. */
  readonly onHead?: (head: AuditHead) => void;
  /** Waits; injected so that tests need no real time. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: HostLog;
  readonly metrics: AuditMetrics;
}

/** Re-reads after a gap in the decisions, before the book is given up: a gap that stays is a broken stream. */
const GAPS_MAX = 5;
const RESTART_PAUSE_MS = 200;
const RESTART_PAUSE_MS_MAX = 5_000;

/**
 * Writes the audit log of a book: follows its decisions from the last signed one on, publishes signed heads and answers
 * questions, until the signal; what was read by then is signed. Starts again by itself when the bus or the disk refuses,
 * and waits while another owner has the book.
 *
 * Throws, and the book's audit is stopped until somebody has looked: `audit_corrupt` where the log is not what was
 * signed, `diverged` where the stream tells another story than the log, `config_invalid` with another key,
 * {@link InputGap} where the stream skips a frame however often it is read.
 */
export async function runAudit(options: AuditOptions): Promise<AuditHead | null> {
  const { book, signal, log, pause } = options;
  let pauseMs = RESTART_PAUSE_MS;
  let gaps = 0;
  let last: AuditHead | null = null;
  for (;;) {
    const session = new AuditSession(options, gaps === 0);
    let cause: unknown = null;
    try {
      await owned(options, session);
    } catch (caught) {
      cause = caught;
    }
    last = session.head ?? last;
    const seq = last?.seq ?? 0;
    if (signal.aborted && (cause === null || isPassing(cause))) {
      await status(options, ServiceState.STOPPED, 'ended on request', seq);
      return last;
    }
    if (session.signed > 0) {
      gaps = 0;
      pauseMs = RESTART_PAUSE_MS;
    }
    if (cause instanceof InputGap) gaps += 1;
    if (!isPassing(cause) || gaps > GAPS_MAX) {
      log.error({ book, cause: messageOf(cause) }, 'the audit of the book is stopped');
      await status(options, stateOf(cause), messageOf(cause), seq);
      throw cause;
    }
    await status(
      options,
      cause === null ? ServiceState.LOST_OWNERSHIP : stateOf(cause),
      messageOf(cause),
      seq,
    );
    log.warn({ book, cause: messageOf(cause) }, 'starting the audit again');
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, RESTART_PAUSE_MS_MAX);
  }
}

async function owned(options: AuditOptions, session: AuditSession): Promise<void> {
  const { bus, book, owner, lease, signal, pause } = options;
  const tell = (state: ServiceState, detail: string): Promise<void> =>
    status(options, state, detail, session.head?.seq ?? 0);
  if (!lease) return session.run(signal, tell);
  return keepLease(
    { leases: bus.leases, name: `${AUDIT_SERVICE}/${book}`, owner, signal, pause },
    () => tell(ServiceState.STANDBY, 'another owner has the book'),
    (held) => session.run(held, tell),
  );
}

/** What goes away by itself, or once somebody has made room: the log is opened again and checked again. */
function isPassing(cause: unknown): boolean {
  return (
    cause === null ||
    cause instanceof BusRefused ||
    cause instanceof OutcomeUnknown ||
    cause instanceof InputGap ||
    isStoreInUse(cause) ||
    isFileFault(cause)
  );
}

function isStoreInUse(cause: unknown): boolean {
  return cause instanceof BellwetherError && cause.code === 'store_in_use';
}

/** An error of the operating system: a full disk, a volume that is gone. */
function isFileFault(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}

function stateOf(cause: unknown): ServiceState {
  if (isStoreInUse(cause)) return ServiceState.STANDBY;
  if (cause instanceof BusRefused || cause instanceof OutcomeUnknown || isFileFault(cause)) {
    return ServiceState.BUS_DOWN;
  }
  if (cause instanceof BellwetherError && cause.code === 'diverged') return ServiceState.DIVERGED;
  return ServiceState.STAGE_DOWN;
}

function messageOf(cause: unknown): string {
  if (cause === null) return 'the lease went to another owner';
  return cause instanceof Error ? cause.message : 'an unknown failure';
}

async function status(
  options: AuditOptions,
  state: ServiceState,
  detail: string,
  seq: number,
): Promise<void> {
  const { bus, book, owner, metrics } = options;
  metrics.state(book, state);
  const service = AUDIT_SERVICE;
  const bytes = encodeStatus({ service, book, owner, state, seq, detail: detail.slice(0, 500) });
  // Status is for whoever listens now; a bus that is down must not hide what happened.
  await bus.publish(subjects.status(service, book), bytes).catch(() => undefined);
}
