import type { Bus } from '@bellwether/bus';
import { decodeFrame, subjects, type Frame } from '@bellwether/contracts';
import { DecisionDigest } from '@bellwether/host';
import { SummaryCollector, type RunSummary } from './summary.js';

export interface FollowOptions {
  readonly bus: Bus;
  readonly book: string;
  /** The run ends with the decision of this entry. */
  readonly lastId: string;
  readonly signal: AbortSignal;
  readonly onFrame?: (frame: Frame, bytes: Uint8Array) => void | Promise<void>;
}

export interface FollowResult {
  readonly summary: RunSummary;
  readonly digest: string;
  /** False where the signal ended it before the last entry's decision. */
  readonly finished: boolean;
}

/** Reads a book's decisions in order up to that of the last input, adds them up and hashes them. */
export async function followDecisions(options: FollowOptions): Promise<FollowResult> {
  const { bus, book, lastId, signal, onFrame } = options;
  const collector = new SummaryCollector();
  const digest = new DecisionDigest();
  let finished = false;
  for await (const message of bus.read(subjects.line('risk', book), { from: 1, follow: true, signal })) {
    const frame = decodeFrame(message.data);
    collector.add(frame);
    digest.add(message.data);
    await onFrame?.(frame, message.data);
    if (frame.entry?.id === lastId) {
      finished = true;
      break;
    }
  }
  return { summary: collector.summary(), digest: digest.hex(), finished };
}
