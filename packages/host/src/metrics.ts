import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { ServiceState, StageName } from '@bellwether/contracts';

/** What a host counts. Names are declared here and nowhere else. */
export interface HostMetrics {
  frame(service: string, book: string, seq: number): void;
  fault(stage: StageName, book: string): void;
  conflict(service: string, book: string): void;
  snapshotSaved(service: string, book: string): void;
  snapshotCorrupt(service: string, book: string): void;
  state(service: string, book: string, state: ServiceState): void;
}

export interface MetricsPage {
  readonly contentType: string;
  render(): Promise<string>;
}

const SERVICE_BOOK = ['service', 'book'] as const;

/** Metrics of a process in a registry of its own, with Node's defaults. */
export function createHostMetrics(): {
  readonly host: HostMetrics;
  readonly page: MetricsPage;
  readonly registry: Registry;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, labelNames: readonly string[]): Counter =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const frames = counter('bw_frames_total', 'Frames stored', SERVICE_BOOK);
  const seqs = gauge('bw_frame_seq', 'Last frame stored', SERVICE_BOOK);
  const faults = counter('bw_faults_total', 'Exceptions in stages that mark a fault', ['stage', 'book']);
  const conflicts = counter('bw_ownership_conflicts_total', 'Times another owner had written', SERVICE_BOOK);
  const saved = counter('bw_snapshots_total', 'Snapshots saved', SERVICE_BOOK);
  const corrupt = counter('bw_snapshots_corrupt_total', 'Snapshots refused', SERVICE_BOOK);
  const states = gauge('bw_book_state', 'ServiceState of the book at this service', SERVICE_BOOK);
  return {
    registry,
    page: { contentType: registry.contentType, render: () => registry.metrics() },
    host: {
      frame: (service, book, seq) => {
        frames.inc({ service, book });
        seqs.set({ service, book }, seq);
      },
      fault: (stage, book) => {
        faults.inc({ stage, book });
      },
      conflict: (service, book) => {
        conflicts.inc({ service, book });
      },
      snapshotSaved: (service, book) => {
        saved.inc({ service, book });
      },
      snapshotCorrupt: (service, book) => {
        corrupt.inc({ service, book });
      },
      state: (service, book, state) => {
        states.set({ service, book }, state);
      },
    },
  };
}

const nothing = (): void => undefined;

/** For runs whose numbers nobody reads: a replay in process. */
export const noMetrics: HostMetrics = {
  frame: nothing,
  fault: nothing,
  conflict: nothing,
  snapshotSaved: nothing,
  snapshotCorrupt: nothing,
  state: nothing,
};
