import { readAuditRecord, newestHead, type LogPlace } from '@bellwether/audit';
import type { Bus, StoredMessage } from '@bellwether/bus';
import { BellwetherError, decodeFrame, equalBytes, subjects } from '@bellwether/contracts';
import { pause } from '@bellwether/host';

/** Time that a running service has to sign what is decided. */
const DEADLINE_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/**
 * Holds the end of a log against the end of the book's decision stream: cutting the log's tail, heads and all, shows
 * here. Gives the frame at which they agree. Throws `audit_corrupt` where they do not.
 */
export async function compareWithStream(bus: Bus, place: LogPlace, signal: AbortSignal): Promise<number> {
  const last = await bus.last(subjects.line('risk', place.book));
  const decided = last === null ? 0 : decodeFrame(last.data).seq;
  const signed = await signedAtLeast(place, decided, signal);
  if (signed < decided) {
    throw new BellwetherError(
      'audit_corrupt',
      `Book ${place.book}: The log ends at frame ${signed}, the decisions at ${decided}: its tail was cut, or the audit service does not run`,
    );
  }
  if (last === null || signed > decided) {
    // Decided meanwhile, or a stream that lost its end.
    const again = await bus.last(subjects.line('risk', place.book));
    const now = again === null ? 0 : decodeFrame(again.data).seq;
    if (now < signed) {
      throw new BellwetherError(
        'audit_corrupt',
        `Book ${place.book}: The decisions end at frame ${now}, the log at ${signed}: this is another stream, or it lost its end`,
      );
    }
  }
  if (last !== null) await sameFrame(place, decided, last);
  return decided;
}

async function signedAtLeast(place: LogPlace, seq: number, signal: AbortSignal): Promise<number> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const { head } = await newestHead(place.files, place.book);
    const signed = head?.seq ?? 0;
    if (signed >= seq || signal.aborted || performance.now() > deadline) return signed;
    await pause(LOOK_AGAIN_MS, signal);
  }
}

async function sameFrame(place: LogPlace, seq: number, message: StoredMessage): Promise<void> {
  const record = await readAuditRecord(place, seq);
  // Of an idle frame the log has no bytes; its run was checked by its hash.
  if (record === null || record.frame === null || equalBytes(record.frame, message.data)) return;
  throw new BellwetherError(
    'audit_corrupt',
    `Book ${place.book}: Record ${record.record} holds another frame ${seq} than the decision stream`,
  );
}
