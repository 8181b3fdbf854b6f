import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ServiceState } from '@bellwether/contracts';
import type { HostMetrics } from '@bellwether/host';

/** Name of the service in leases, status and metrics. */
export const AUDIT_SERVICE = 'audit';

/** What audit counts. Names are declared here and nowhere else. */
export interface AuditMetrics {
  committed(
    book: string,
    commit: { readonly frames: number; readonly bytes: number; readonly ms: number },
  ): void;
  /** Newest frame received, and newest one that is signed. */
  seen(book: string, received: number, signed: number): void;
  tornTailCut(book: string): void;
  indexRebuilds(book: string, times: number): void;
  answered(book: string, error: string): void;
  /** Last frame that was computed again in the background, and the same. */
  replayed(book: string, seq: number): void;
  /** A frame that computes otherwise. */
  diverged(book: string): void;
  state(book: string, state: ServiceState): void;
}

const COMMIT_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Metrics in the registry of a service. */
export function createAuditMetrics(registry: Registry, host: HostMetrics): AuditMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, ...more: string[]): Counter =>
    new Counter({ name, help, labelNames: ['book', ...more], registers });
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name, help, labelNames: ['book'], registers });
  const frames = counter('bw_audit_frames_total', 'Frames that were signed');
  const bytes = counter('bw_audit_bytes_total', 'Bytes written to segments');
  const seqs = gauge('bw_audit_seq', 'Last frame that a signed head covers');
  const lag = gauge('bw_audit_lag_frames', 'Frames received that no signed head covers yet');
  const commits = new Histogram({
    ...{ name: 'bw_audit_commit_seconds', help: 'Write, fsync and signature of one commit' },
    ...{ labelNames: ['book'], buckets: COMMIT_SECONDS, registers },
  });
  const torn = counter('bw_audit_torn_tails_total', 'Unfinished commits cut at a start');
  const rebuilds = gauge(
    'bw_audit_index_rebuilds',
    'Times the index was made from the segments since the start',
  );
  const answers = counter('bw_audit_answers_total', 'Questions answered, by error; empty for none', 'error');
  const replayedSeqs = gauge('bw_audit_replayed_seq', 'Last frame that was computed again and is the same');
  const divergences = counter('bw_audit_diverged_total', 'Replays that came to another frame');
  return {
    committed: (book, commit) => {
      frames.inc({ book }, commit.frames);
      bytes.inc({ book }, commit.bytes);
      commits.observe({ book }, commit.ms / 1_000);
    },
    seen: (book, received, signed) => {
      seqs.set({ book }, signed);
      lag.set({ book }, received - signed);
    },
    tornTailCut: (book) => {
      torn.inc({ book });
    },
    indexRebuilds: (book, times) => {
      rebuilds.set({ book }, times);
    },
    answered: (book, error) => {
      answers.inc({ book, error });
    },
    replayed: (book, seq) => {
      replayedSeqs.set({ book }, seq);
    },
    diverged: (book) => {
      divergences.inc({ book });
    },
    state: (book, state) => {
      host.state(AUDIT_SERVICE, book, state);
    },
  };
}

const nothing = (): void => undefined;

/** For runs whose numbers nobody reads. */
export const noAuditMetrics: AuditMetrics = {
  committed: nothing,
  seen: nothing,
  tornTailCut: nothing,
  indexRebuilds: nothing,
  answered: nothing,
  replayed: nothing,
  diverged: nothing,
  state: nothing,
};
