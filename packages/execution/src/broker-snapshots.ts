import type { Bus } from '@bellwether/bus';
import { decodeFrame, subjects } from '@bellwether/contracts';
import { SnapshotStore, type Covering, type HostLog, type HostMetrics } from '@bellwether/host';
import type { BrokerState } from './paper-broker-state.js';

/** Name of the service in leases, snapshots and status. */
export const EXECUTION_SERVICE = 'execution';

/** Raised when a snapshot changes its form or meaning: an older one is then not used. */
const SNAPSHOT_VERSION = 5;

/** What saves reading all decisions again. It is a cache of them. */
export interface BrokerSnapshot {
  readonly state: BrokerState;
  /** What the journal said last of the audit log. */
  readonly auditBehind: boolean;
  /** Stream sequence of the last decision it covers. */
  readonly decisionSequence: number;
  /**
   * Stream sequence of the last raw input that is in the journal with all that it caused; 0 for given inputs.
   */
  readonly inputSequence: number;
}

interface StoredSnapshot extends BrokerSnapshot, Covering {
  readonly version: number;
}

export interface SnapshotPlaces {
  readonly bus: Bus;
  readonly book: string;
  readonly log: HostLog;
  readonly metrics: HostMetrics;
}

/** Snapshots of the broker of one book. */
export class BrokerSnapshots {
  readonly #store: SnapshotStore<StoredSnapshot>;

  constructor(private readonly places: SnapshotPlaces) {
    const { bus, book, log, metrics } = places;
    this.#store = new SnapshotStore(bus.blobs, `${book}/${EXECUTION_SERVICE}`, (slot, cause) => {
      metrics.snapshotCorrupt(EXECUTION_SERVICE, book);
      log.warn({ book, slot, cause: String(cause) }, 'snapshot refused, the decisions take its place');
    });
  }

  /** The newest one that covers no more than what is decided, or null. */
  async newest(): Promise<BrokerSnapshot | null> {
    const { bus, book } = this.places;
    const last = await bus.last(subjects.line('risk', book));
    const head = last === null ? 0 : decodeFrame(last.data).seq;
    const snapshot = await this.#store.newest(head);
    return snapshot?.version === SNAPSHOT_VERSION ? snapshot : null;
  }

  async save(snapshot: BrokerSnapshot): Promise<void> {
    const { state, auditBehind, decisionSequence, inputSequence } = snapshot;
    await this.#store.save({
      ...{ head: { seq: state.seq }, version: SNAPSHOT_VERSION },
      ...{ state, auditBehind, decisionSequence, inputSequence },
    });
    this.places.metrics.snapshotSaved(EXECUTION_SERVICE, this.places.book);
  }
}
