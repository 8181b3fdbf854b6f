import { runBacktest } from '@bellwether/backtest';
import { noModels } from '@bellwether/host';
import { LINE } from '@bellwether/line';
import type { BenchCase } from '../cases.js';
import { type AuditSink } from './audit-sink.js';

/** One run of a case through the whole line, and what it took. */
export interface LineRun {
  readonly frames: number;
  readonly digest: string;
  readonly ms: number;
  /** Processor time of this process, all threads. */
  readonly cpu_ms: number;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** From the first input to the digest of the last decision; with a sink, to the signature over its record. */
export async function runLine(of: BenchCase, sink: AuditSink | null, onFrame?: () => void): Promise<LineRun> {
  const { signal } = new AbortController();
  const cpu = cpuMs();
  const started = performance.now();
  const { frames, digest } = await runBacktest({
    ...{ book: of.book, stages: LINE, infer: noModels, inputs: of.batches(), signal },
    onFrame: (frame, bytes) => {
      onFrame?.();
      const pending = sink?.add(frame, bytes) ?? null;
      return pending === null ? undefined : waitFor(pending);
    },
  });
  await sink?.end();
  return { frames, digest, ms: performance.now() - started, cpu_ms: cpuMs() - cpu };
}

async function waitFor(pending: Promise<unknown>): Promise<void> {
  await pending;
}
