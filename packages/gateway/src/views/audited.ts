import type { AuditHead } from '@bellwether/contracts';
import type { Found } from '../audit/decision-lookup.js';

/** Whether the audit log holds a frame, and where. */
export function auditedView({ record }: Found): {
  readonly audited: boolean;
  readonly audit_record: number | null;
} {
  return { audited: record !== null, audit_record: record };
}

/** What a reader may keep of a head, to see later that the log was not cut or made anew. */
export function headView(head: AuditHead | null) {
  if (head === null) return null;
  const { record, seq, hash, signed_us, key_id } = head;
  return { record, seq, hash, signed_us, key_id };
}
