import type { AuditVerdict } from '@bellwether/audit';
import type { Kill } from './chaos.js';

export interface Proof {
  readonly digest: string;
  /** Digest of the same run in memory; null where it was not made. */
  readonly expected: string | null;
  readonly kills: readonly Kill[];
  readonly audit: AuditVerdict | null;
}

const number = (value: number): string => value.toLocaleString('en-US');

/** What a run over NATS has shown: the kills, both digests, and the audit log. */
export function renderProof({ digest, expected, kills, audit }: Proof): string {
  const lines: string[] = [];
  if (kills.length > 0) {
    const counts = new Map<string, number>();
    for (const { target } of kills) counts.set(target, (counts.get(target) ?? 0) + 1);
    const each = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`);
    lines.push(`kills      ${kills.length} by SIGKILL: ${each.join(', ')}`);
  }
  if (expected !== null) {
    lines.push(`in memory  ${expected}`);
    lines.push(`over NATS  ${digest}  ${digest === expected ? 'equal' : 'DIFFERENT'}`);
  }
  if (audit !== null) {
    const idle = audit.idle_frames === 0 ? '' : `, ${number(audit.idle_frames)} idle ones counted`;
    lines.push(
      `audit log  verified: ${number(audit.frames)} frames${idle}, each once, in ${number(audit.records)} records; ` +
        `${number(audit.heads)} signed heads; last hash ${audit.head?.hash ?? 'none'}`,
    );
  }
  return lines.join('\n');
}
