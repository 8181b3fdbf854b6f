import { BusRefused, OutcomeUnknown, type Bus } from '@bellwether/bus';
import { ServiceState } from '@bellwether/contracts';
import {
  BookRecomputation,
  SnapshotStore,
  type Divergence,
  type HostLog,
  type Snapshot,
} from '@bellwether/host';
import type { AnyStage } from '@bellwether/kernel';
import { AUDIT_SERVICE, type AuditMetrics } from './metrics.js';

/** How the decisions of a book are computed again beside its log. */
export interface AuditReplay {
  /** The whole line. */
  readonly stages: readonly AnyStage[];
  /** Time between two passes: what was decided in it is what a pass computes. */
  readonly everyMs: number;
  /** Most frames of one pass: the bound of its work. What is left waits for the next one. */
  readonly framesMax: number;
}

export interface BackgroundReplayOptions extends AuditReplay {
  readonly bus: Bus;
  readonly book: string;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: HostLog;
  readonly metrics: AuditMetrics;
  /** Publishes the state of the service for this book. */
  readonly status: (state: ServiceState, detail: string) => Promise<void>;
}

/** Frames between two snapshots of the computed states: what a start has to compute again. */
const SNAPSHOT_EVERY_FRAMES = 5_000;

/**
 * Takes the newest entries of the journal through the line again, every so often, with the answers of models as they were recorded, and
 * compares every frame. It goes on from its own snapshot, or from the journal's first entry. A difference is told with stage and field,
 * again at each interval, and nothing behind it is computed: the log itself goes on.
 */
export async function replayInBackground(
  options: BackgroundReplayOptions,
  signal: AbortSignal,
): Promise<void> {
  const { bus, book, everyMs, framesMax, pause, log, metrics } = options;
  const snapshots = new SnapshotStore<Snapshot>(
    bus.blobs,
    `${book}/${AUDIT_SERVICE}-replay`,
    (slot, cause) => {
      log.warn({ book, slot, cause: String(cause) }, 'a snapshot of the replay was refused');
    },
  );
  let run: BookRecomputation | null = null;
  let saved = 0;
  let divergence: Divergence | null = null;
  while (!signal.aborted) {
    try {
      run ??= await begin(options, snapshots);
      if (divergence === null) {
        divergence = await run.pass({ framesMax, signal });
        const { seq } = run.position.head;
        metrics.replayed(book, seq);
        if (divergence !== null) told(options, divergence);
        if (divergence === null && seq - saved >= SNAPSHOT_EVERY_FRAMES) {
          await snapshots.save({ ...run.position, stages: run.logicVersions() });
          saved = seq;
        }
      }
      if (divergence !== null) await options.status(ServiceState.DIVERGED, textOf(divergence));
    } catch (cause) {
      if (!(cause instanceof BusRefused || cause instanceof OutcomeUnknown)) throw cause;
      log.warn({ book, cause: cause.message }, 'the replay waits for the bus');
    }
    await pause(everyMs, signal);
  }
}

async function begin(
  { bus, book, stages }: BackgroundReplayOptions,
  snapshots: SnapshotStore<Snapshot>,
): Promise<BookRecomputation> {
  const made = { bus, book, stages, infer: null };
  const fresh = new BookRecomputation(made);
  const found = await snapshots.newest(Number.MAX_SAFE_INTEGER);
  if (found === null || !fresh.fits(found.stages)) return fresh;
  const { head, states, inputSequence, outputSequence } = found;
  return new BookRecomputation(made, { head, states, inputSequence, outputSequence });
}

const textOf = ({ entry, difference }: Divergence): string =>
  `Frame ${difference.seq} (${entry.id}), ${difference.stage}${difference.field}: ` +
  `recorded ${difference.stored}, computed ${difference.computed}`;

function told({ book, log, metrics }: BackgroundReplayOptions, divergence: Divergence): void {
  const { seq, stage, field } = divergence.difference;
  metrics.diverged(book);
  log.error({ book, seq, stage, field, difference: textOf(divergence) }, 'a decision computes otherwise');
}
