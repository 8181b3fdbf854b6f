import { readAuditedFrame, verifyAudit, type AuditKey, type MemoryAuditFiles } from '@bellwether/audit';
import { encodeFrame, equalBytes } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { BOOK } from './market.js';
import type { Observer } from './observer.js';
import { Violation } from './violation.js';

/** Every so many frames are compared byte by byte: each read walks along its segment. Over the seeds it is all of them. */
const LOOKED_AT_EVERY = 8;

/** Holds the audit log of a settled run to the decisions. Throws {@link Violation}. */
export async function checkAudit(
  observer: Observer,
  files: MemoryAuditFiles,
  key: AuditKey,
  offset: number,
): Promise<void> {
  const verdict = await verifyAudit({ files, book: BOOK, publicKeys: [key.publicPem], frames: true });
  if (!verdict.ok)
    throw new Violation('audited', `the log does not verify: ${JSON.stringify(verdict.damage)}`);
  const decided = observer.decisions.length;
  const held = verdict.frames + verdict.idle_frames;
  if (held !== decided || verdict.first_seq !== 1 || verdict.last_seq !== decided) {
    const range = `${held} frames from ${verdict.first_seq ?? 'none'} to ${verdict.last_seq ?? 'none'}`;
    throw new Violation('audited', `the log holds ${range}, decided are ${decided}`);
  }
  for (let i = offset % LOOKED_AT_EVERY; i < decided; i += LOOKED_AT_EVERY) {
    const record = await readAuditedFrame({ files, book: BOOK }, i + 1);
    const decision = present(observer.decisions[i], 'a decision');
    // One that is only counted is not there; the hash of its run is part of the chain.
    if (record === null) continue;
    const frame = present(record.frame, 'the frame of a record');
    if (!equalBytes(encodeFrame(frame), decision.bytes)) {
      throw new Violation('audited', `the log holds another frame ${i + 1} than was decided`);
    }
  }
}

/** What the journal says of the audit log. Throws {@link Violation}. */
export function checkGate(observer: Observer): void {
  let behind = false;
  for (const [i, { entry }] of observer.journal.entries()) {
    if (entry.audit === null) continue;
    if (entry.audit.decided_seq > i) {
      throw new Violation(
        'gated',
        `${entry.id} speaks of decision ${entry.audit.decided_seq} as entry ${i + 1}`,
      );
    }
    behind = entry.audit.behind;
  }
  if (behind)
    throw new Violation('gated', 'everything is audited, and the journal still says that the log is behind');
}
