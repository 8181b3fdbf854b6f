import { verifyAudit, nodeAuditFiles, type AuditVerdict } from '@bellwether/audit';
import type { Bus } from '@bellwether/bus';
import { BellwetherError, decodeAuditAnswer, encodeAuditQuery, subjects } from '@bellwether/contracts';
import { pause } from '@bellwether/host';

/** Longest time that audit may take to sign what is decided, a restart of it included. */
const DEADLINE_MS = 60_000;
const ASK_TIMEOUT_MS = 2_000;
const ASK_AGAIN_MS = 100;

/** Waits until the audit log of a book holds this frame. Throws `audit_unavailable` after a minute. */
export async function audited(bus: Bus, book: string, seq: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  let reached = 0;
  while (!signal.aborted) {
    reached = (await headOf(bus, book)) ?? reached;
    if (reached >= seq) return;
    if (performance.now() > deadline) {
      throw new BellwetherError('audit_unavailable', `The log holds ${reached} of ${seq} frames of ${book}`);
    }
    await pause(ASK_AGAIN_MS, signal);
  }
}

/** Last frame in the audit log; null where it does not answer now. */
async function headOf(bus: Bus, book: string): Promise<number | null> {
  const question = encodeAuditQuery({
    ...{ book, seq: null, entry_id: null, before_seq: null, from_us: null, to_us: null, action: null },
    ...{ reason: null, symbol: null, strategy: null, asked_only: false, limit: 1 },
  });
  try {
    const bytes = await bus.request(subjects.auditQuery(book), question, ASK_TIMEOUT_MS);
    return decodeAuditAnswer(bytes).head?.seq ?? null;
  } catch {
    // It is being started again, or the server is: asked again until the deadline.
    return null;
  }
}

/** Checks a log from its bytes. Throws `audit_corrupt` unless it is whole and holds each frame up to `seq` once. */
export async function checkAudit(folder: string, book: string, seq: number): Promise<AuditVerdict> {
  const files = nodeAuditFiles(folder);
  try {
    const verdict = await verifyAudit({ files, book, frames: true });
    const { damage, frames, idle_frames, last_seq } = verdict;
    if (damage !== null) {
      throw new BellwetherError('audit_corrupt', `Record ${damage.record}: expected ${damage.expected}`);
    }
    if (last_seq !== seq || frames + idle_frames !== seq) {
      throw new BellwetherError(
        'audit_corrupt',
        `Expected frames 1 to ${seq}, found ${frames} and ${idle_frames} idle ones up to ${last_seq ?? 0}`,
      );
    }
    return verdict;
  } finally {
    await files.close();
  }
}
