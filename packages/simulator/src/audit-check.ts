import { readAuditedFrame, verifyAudit, type AuditKey, type MemoryAuditFiles } from '@bellwether/audit';
import { encodeFrame, equalBytes } from '@bellwether/contracts';
import { BOOK } from './market.js';
import type { Observer } from './observer.js';
import { Violation } from './violation.js';

/** Holds the audit log of a settled run to the decisions. Throws {@link Violation}. */
export async function checkAudit(observer: Observer, files: MemoryAuditFiles, key: AuditKey): Promise<void> {
  const verdict = await verifyAudit({ files, book: BOOK, publicKeys: [key.publicPem], frames: true });
  if (!verdict.ok) throw new Violation('audited', `the log does not verify: ${JSON.stringify(verdict.damage)}`);
  const decided = observer.decisions.length;
  const held = verdict.frames + verdict.idle_frames;
  if (held !== decided || verdict.first_seq !== 1 || verdict.last_seq !== decided) {
    const range = `${held} frames from ${verdict.first_seq ?? 'none'} to ${verdict.last_seq ?? 'none'}`;
    throw new Violation('audited', `the log holds ${range}, decided are ${decided}`);
  }
  let counted = 0;
  for (const [i, { bytes }] of observer.decisions.entries()) {
    const record = await readAuditedFrame({ files, book: BOOK }, i + 1);
    if (record === null || record.frame === null) counted += 1;
    else if (!equalBytes(encodeFrame(record.frame), bytes)) {
      throw new Violation('audited', `the log holds another frame ${i + 1} than was decided`);
    }
  }
  if (counted !== verdict.idle_frames) {
    throw new Violation('audited', `${counted} frames are not there, ${verdict.idle_frames} are counted as idle`);
  }
}

/** What the journal says of the audit log. Throws {@link Violation}. */
export function checkGate(observer: Observer): void {
  let behind = false;
  for (const [i, { entry }] of observer.journal.entries()) {
    if (entry.audit === null) continue;
    if (entry.audit.decided_seq > i) {
      throw new Violation('gated', `${entry.id} speaks of decision ${entry.audit.decided_seq} as entry ${i + 1}`);
    }
    behind = entry.audit.behind;
  }
  if (behind) throw new Violation('gated', 'everything is audited, and the journal still says that the log is behind');
}
