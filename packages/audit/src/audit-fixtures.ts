import type { Bus } from '@bellwether/bus';
import {
  Action,
  ClockReason,
  encodeFrame,
  subjects,
  type AuditHead,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { pause, type HostLog } from '@bellwether/host';
import { uniformSource } from '@bellwether/kernel';
import {
  aBanditPart,
  aBarEntry,
  aClockEntry,
  aFeaturesPart,
  aFrame,
  aRiskPart,
  aSignalEntry,
  atMinute,
} from '@bellwether/testkit';
import { auditKeyOf, newPrivatePem, type AuditKey } from './audit-key.js';
import type { AuditFiles } from './audit-files.js';
import { AuditLog } from './audit-log.js';
import { outlineOf } from './frame-outline.js';
import { memoryAuditIndex } from './index/memory-index.js';
import { noAuditMetrics } from './metrics.js';
import { runAudit, type AuditOptions } from './run-audit.js';

/** What the tests of this package share: decisions of a book, and a log of them. */

export const BOOK = 'paper-es';

/** Two keys, made once for each test file. */
export const KEY: AuditKey = auditKeyOf(newPrivatePem());
export const OTHER_KEY: AuditKey = auditKeyOf(newPrivatePem());

const MINUTE_US = 60_000_000;
/** When the test clock stands at the first frame. */
export const RECEIVED_US = atMinute(991);

function decided(entry: Entry, seq: number, action: Action): Frame {
  return aFrame({
    ...{ entry, seq, book: entry.book, book_time_us: entry.known_us },
    features: aFeaturesPart(),
    bandit: action === Action.NONE ? null : aBanditPart(),
    risk: aRiskPart({ decision_id: `${entry.book}-${seq}`, action }),
  });
}

/** The frame of a minute: a bar that is held on. */
export function barFrame(seq: number, book = BOOK): Frame {
  const entry = aBarEntry(
    { open_us: atMinute(seq) },
    { book, event_us: atMinute(seq), known_us: atMinute(seq + 1) },
  );
  return decided(entry, seq, Action.HOLD);
}

export function signalFrame(seq: number, book = BOOK): Frame {
  const entry = aSignalEntry({ signal_id: `signal-${seq}` }, { book, known_us: atMinute(seq + 1) });
  return decided(entry, seq, Action.BUY);
}

/** An idle clock entry that led to nothing. */
export function idleFrame(seq: number, book = BOOK): Frame {
  const boundary_us = atMinute(seq) + MINUTE_US;
  const entry = aClockEntry({ boundary_us, reason: ClockReason.IDLE }, { book });
  return decided(entry, seq, Action.NONE);
}

/** Frames 1 to n of a book: bars, and by the seed some signals and runs of idle clock entries. */
export function someFrames(count: number, seed = 'frames', book = BOOK): readonly Uint8Array[] {
  const uniform = uniformSource(seed);
  let idle = 0;
  return Array.from({ length: count }, (_, i) => {
    const seq = i + 1;
    if (idle === 0 && uniform() < 0.2) idle = 1 + Math.floor(uniform() * 4);
    if (idle > 0) {
      idle -= 1;
      return encodeFrame(idleFrame(seq, book));
    }
    return encodeFrame(uniform() < 0.2 ? signalFrame(seq, book) : barFrame(seq, book));
  });
}

/** Appends frames from the one after the log's last on; received a second apart, so that a repeat gives equal bytes. */
export function appendFrom(log: AuditLog, frames: readonly Uint8Array[], to: number): void {
  for (let seq = log.seq + 1; seq <= to; seq++) {
    const received_us = receivedUs(seq);
    const { idle, known_us } = outlineOf(frames[seq - 1]!);
    log.append(frames[seq - 1]!, { seq, received_us, latency_us: received_us - known_us, idle });
  }
}

export const receivedUs = (seq: number): number => RECEIVED_US + seq * 1_000_000;

export interface WrittenLog {
  readonly book?: string;
  readonly key?: AuditKey;
  readonly segmentBytesMax?: number;
  /** Frames in one commit. */
  readonly every?: number;
}

/** Writes a log of these frames and closes it. */
export async function writeLog(
  files: AuditFiles,
  frames: readonly Uint8Array[],
  { book = BOOK, key = KEY, segmentBytesMax = 16_384, every = 7 }: WrittenLog = {},
): Promise<void> {
  const log = await AuditLog.open({ files, book, key, segmentBytesMax });
  while (log.seq < frames.length) {
    const to = Math.min(frames.length, log.seq - (log.seq % every) + every);
    appendFrom(log, frames, to);
    await log.commit(receivedUs(to));
  }
  await log.close();
}

/** Stores frames as the risk stage would, behind those that are there. */
export async function decide(bus: Bus, frames: readonly Uint8Array[], book = BOOK): Promise<void> {
  const subject = subjects.line('risk', book);
  let expectedLastSequence = (await bus.last(subject))?.sequence ?? 0;
  for (const frame of frames)
    expectedLastSequence = await bus.append(subject, frame, { expectedLastSequence });
}

const QUIET: HostLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Options of an audit over memory, without real time but for the pauses. */
export function auditOptions(
  given: Pick<AuditOptions, 'bus' | 'files' | 'signal'> & Partial<AuditOptions>,
): AuditOptions {
  const { files, book = BOOK } = given;
  return {
    ...{ book, key: KEY, index: () => memoryAuditIndex({ files, book }), owner: 'test', lease: false },
    ...{ nowUs: () => RECEIVED_US, measureLatency: false, commitMs: 1, pause },
    ...{ log: QUIET, metrics: noAuditMetrics },
    ...given,
  };
}

/** Runs an audit until a signed head covers a frame, and gives that head. */
export async function auditUntil(
  options: Omit<AuditOptions, 'signal'>,
  seq: number,
): Promise<AuditHead | null> {
  const stop = new AbortController();
  return runAudit({
    ...options,
    signal: stop.signal,
    onHead: (head) => {
      if (head.seq >= seq) stop.abort();
    },
  });
}
