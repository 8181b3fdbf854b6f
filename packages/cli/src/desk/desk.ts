import type { Bus } from '@bellwether/bus';
import type { BookConfig, Entry } from '@bellwether/contracts';
import { runExecution, type AuditWatchOptions } from '@bellwether/execution';
import { BookHost, pause, type HostLog, type HostMetrics, type Infer } from '@bellwether/host';
import type { AnyStage } from '@bellwether/kernel';

/** Runs all seven stages and the paper broker of one book in this process. */
export interface DeskOptions {
  readonly bus: Bus;
  readonly config: BookConfig;
  /** The line; a test leaves a stage out to see that it counts. */
  readonly stages: readonly AnyStage[];
  /** Answers for the models that the stages ask. */
  readonly infer: Infer;
  /** Raw inputs in order; null: they come over the bus, as the ingestion service and the tick route write them. */
  readonly inputs: AsyncIterable<Entry> | null;
  readonly owner: string;
  /** Whether another process could have the book: a store on disk, not a bus in memory. */
  readonly shared: boolean;
  readonly snapshotEveryFrames: number;
  /** Whether an audit log runs beside it. */
  readonly audit: AuditWatchOptions;
  readonly log: HostLog;
  readonly metrics: HostMetrics;
}

/** Name of the unit that runs the whole line, in leases, snapshots and status. */
const LINE_SERVICE = 'line';

/**
 * Runs until the signal, or until a part fails: then the other parts end too and the failure is thrown.
 */
export async function runDesk(options: DeskOptions, signal: AbortSignal): Promise<void> {
  const { bus, config, stages, infer, owner, shared, log, metrics, snapshotEveryFrames, inputs, audit } =
    options;
  const failed = new AbortController();
  const until = AbortSignal.any([signal, failed.signal]);
  const host = new BookHost({
    ...{ bus, book: config.book, owner, log, metrics, snapshotEveryFrames, pause },
    ...{ service: LINE_SERVICE, stages, infer, lease: shared },
  });
  const parts = [
    host.run(until),
    runExecution({
      ...{ bus, book: config.book, inputs, owner, lease: shared, log, metrics, pause, signal: until },
      // In a store on disk a replayed bar needs no fsync of its own; what is answered over HTTP is flushed by the gateway.
      ...{ snapshotEveryDecisions: snapshotEveryFrames, durable: false, audit },
    }),
  ].map((part) =>
    part.catch((cause: unknown) => {
      failed.abort();
      throw cause;
    }),
  );
  const results = await Promise.allSettled(parts);
  const broken = results.find((result) => result.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}
