import type { AuditHead } from '@bellwether/contracts';
import { chicagoText } from '@bellwether/market';

/** What is known of a decision in the audit log. */
export type AuditProof =
  /** Read from its record, whose hash was computed anew and is right. */
  | {
      readonly from: 'segment';
      readonly record: number;
      readonly received_us: number;
      readonly hash: string;
      /** A signed head covers it. */
      readonly signed: boolean;
      readonly folder: string;
      readonly book: string;
    }
  /** Said by the audit service. */
  | { readonly from: 'service'; readonly record: number; readonly head: AuditHead | null }
  /** It is in the decision stream. */
  | { readonly from: 'stream'; readonly why: string }
  /** A replay keeps its decisions in a file and has no audit log. */
  | { readonly from: 'replay' };

/** The chapter that says how much the story can be trusted. */
export function tellProof(proof: AuditProof): string {
  return ['Audit', ...linesOf(proof).map((line) => `  ${line}`)].join('\n');
}

function linesOf(proof: AuditProof): readonly string[] {
  switch (proof.from) {
    case 'segment':
      return [
        `record ${proof.record}, received ${chicagoText(proof.received_us)}; its hash is right: ${proof.hash}`,
        proof.signed ? 'covered by a signed head' : 'not signed yet',
        `npx bw audit verify --folder ${proof.folder} --book ${proof.book} checks it against all others and the signed head`,
      ];
    case 'service':
      return [
        `record ${proof.record}, says the audit service, which has checked its hash`,
        proof.head === null
          ? 'there is no signed head yet'
          : `signed up to record ${proof.head.record}, hash ${proof.head.hash}, key ${proof.head.key_id}`,
      ];
    case 'stream':
      return [`not in the audit log: ${proof.why}`];
    case 'replay':
      return ['a replay has no audit log'];
  }
}
