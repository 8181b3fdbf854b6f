import { BusRefused, OutcomeUnknown, type Bus } from '@bellwether/bus';
import { BellwetherError, ServiceState, encodeStatus, subjects, type Entry } from '@bellwether/contracts';
import { InputGap, keepLease, type HostLog, type HostMetrics } from '@bellwether/host';
import type { AuditWatchOptions } from './audit-watch.js';
import { EXECUTION_SERVICE } from './broker-snapshots.js';
import { ExecutionSession, type SessionSummary } from './execution-session.js';

export interface ExecutionOptions {
  readonly bus: Bus;
  readonly book: string;
  /** Raw inputs of a replay in process; null: those of the bus, followed until the signal. */
  readonly inputs: AsyncIterable<Entry> | null;
  readonly signal: AbortSignal;
  /** Tells this process from others that want the same book; with `lease` only one of them works. */
  readonly owner: string;
  readonly lease: boolean;
  /** Decisions between two snapshots of the broker; 0 for none. */
  readonly snapshotEveryDecisions: number;
  /** Every entry survives power loss before the next one is written. */
  readonly durable: boolean;
  /** Whether an audit log runs for the book, and what to do when it falls behind. */
  readonly audit: AuditWatchOptions;
  readonly log: HostLog;
  readonly metrics: HostMetrics;
  /** Waits before a retry; injected so that tests need no real time. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const RESTART_PAUSE_MS = 200;
const RESTART_PAUSE_MS_MAX = 5_000;

/**
 * Brings a book's raw inputs into its journal, one after the other: each only after the decision of the entry
 * before it, and after the fills and order ends that it causes (architecture.md section 6). In an external
 * book nothing is filled.
 *
 * Ends when the signal does, or with the given inputs once the last of them is decided. Starts again by
 * itself when the bus refuses, an acknowledgement is lost or the lease goes to another owner, unless the
 * inputs were given: those cannot be read twice. Throws `id_reused` where an input's id is taken by other
 * content.
 */
export async function runExecution(options: ExecutionOptions): Promise<SessionSummary> {
  let pauseMs = RESTART_PAUSE_MS;
  let total: SessionSummary = { decisions: 0, journaled: 0, repeated: 0 };
  for (;;) {
    const session = new ExecutionSession(options);
    let cause: unknown = null;
    try {
      await owned(options, session);
    } catch (caught) {
      cause = caught;
    }
    total = add(total, session.summary);
    if (options.signal.aborted || (cause === null && session.finished)) {
      await status(options, ServiceState.STOPPED, 'ended on request', session.seq);
      return total;
    }
    if (options.inputs !== null || !isPassing(cause)) {
      await status(options, ServiceState.STAGE_DOWN, messageOf(cause), session.seq);
      if (cause instanceof Error) throw cause;
      throw new BellwetherError('sequence_conflict', messageOf(cause));
    }
    const state = cause === null ? ServiceState.LOST_OWNERSHIP : ServiceState.BUS_DOWN;
    await status(options, state, messageOf(cause), session.seq);
    options.log.warn({ book: options.book, cause: messageOf(cause) }, 'starting the execution again');
    if (session.summary.decisions > 0) pauseMs = RESTART_PAUSE_MS;
    await options.pause(pauseMs, options.signal);
    pauseMs = Math.min(pauseMs * 2, RESTART_PAUSE_MS_MAX);
  }
}

/**
 * What goes away by itself: a bus that is down, a lost acknowledgement, a lost lease (null), a gap while
 * reading.
 */
function isPassing(cause: unknown): boolean {
  return (
    cause === null ||
    cause instanceof BusRefused ||
    cause instanceof OutcomeUnknown ||
    cause instanceof InputGap
  );
}

async function owned(options: ExecutionOptions, session: ExecutionSession): Promise<void> {
  const { bus, book, owner, lease, signal, pause } = options;
  const running = (detail: string): Promise<void> =>
    status(options, ServiceState.RUNNING, detail, session.seq);
  if (!lease) return session.run(signal, running);
  return keepLease(
    { leases: bus.leases, name: `${EXECUTION_SERVICE}/${book}`, owner, signal, pause },
    () => status(options, ServiceState.STANDBY, 'another owner has the book', session.seq),
    (held) => session.run(held, running),
  );
}

function add(a: SessionSummary, b: SessionSummary): SessionSummary {
  return {
    decisions: a.decisions + b.decisions,
    journaled: a.journaled + b.journaled,
    repeated: a.repeated + b.repeated,
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'the lease went to another owner';
}

async function status(
  options: ExecutionOptions,
  state: ServiceState,
  detail: string,
  seq: number,
): Promise<void> {
  const { bus, book, owner, metrics } = options;
  const service = EXECUTION_SERVICE;
  metrics.state(service, book, state);
  const bytes = encodeStatus({ service, book, owner, state, seq, detail: detail.slice(0, 500) });
  // Status is for whoever listens now; a bus that is down must not hide what happened.
  await bus.publish(subjects.status(service, book), bytes).catch(() => undefined);
}
