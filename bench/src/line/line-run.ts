import { runBacktest } from '@bellwether/backtest';
import { noModels } from '@bellwether/host';
import { LINE } from '@bellwether/line';
import type { BenchCase } from '../cases.js';
import { timed, type Timing } from '../timing.js';
import { type AuditSink } from './audit-sink.js';

/** One run of a case through the whole line, and what it took. */
export interface LineRun extends Timing {
  readonly frames: number;
  readonly digest: string;
}

/** From the first input to the digest of the last decision; with a sink, to the signature over its record. */
export async function runLine(of: BenchCase, sink: AuditSink | null, onFrame?: () => void): Promise<LineRun> {
  const { signal } = new AbortController();
  const done = { frames: 0, digest: '' };
  const timing = await timed(async () => {
    const { frames, digest } = await runBacktest({
      ...{ book: of.book, stages: LINE, infer: noModels, inputs: of.batches(), signal },
      onFrame: (frame, bytes) => {
        onFrame?.();
        const pending = sink?.add(frame, bytes) ?? null;
        return pending === null ? undefined : waitFor(pending);
      },
    });
    await sink?.end();
    Object.assign(done, { frames, digest });
  });
  return { ...done, ...timing };
}

async function waitFor(pending: Promise<unknown>): Promise<void> {
  await pending;
}
