import { z } from 'zod';
import { EvidenceStatus, type EvidenceConfig, type EvidenceStanding } from './generated/messages.js';
import { STRATEGY_KEYS } from './strategy-parameters.js';

/** Parts that learn and decide. Each is an unknown until data show what it adds (packages/evidence). */
export const LEARNED_PARTS = ['regime_model', 'forecast', 'confidence', 'sizing_agent', 'bandit'] as const;
export type LearnedPart = (typeof LEARNED_PARTS)[number];

/** Everything that evidence is kept of: learned parts, then arms. */
export const EVIDENCE_NAMES: readonly string[] = [...LEARNED_PARTS, ...STRATEGY_KEYS];

/** Stands for every name in `evidence.override` of the book file. */
export const OVERRIDE_ALL = 'all';

const name = z.string().refine((text) => EVIDENCE_NAMES.includes(text), {
  error: `Expected a learned part or an arm: ${EVIDENCE_NAMES.join(', ')}`,
});

/** `evidence:` of the book file: what decides on market data although nothing proves it. */
export const evidenceSchema = z.strictObject({
  override: z.union([z.literal(OVERRIDE_ALL), z.array(name).max(EVIDENCE_NAMES.length)]).default([]),
});

/** The names that a book file overrides. */
export function overriddenNames({ override }: z.output<typeof evidenceSchema>): readonly string[] {
  return override === OVERRIDE_ALL ? EVIDENCE_NAMES : override;
}

/** True where the part or arm may decide. */
export function mayDecide({ status, overridden }: EvidenceStanding): boolean {
  return overridden || status === EvidenceStatus.PROVEN;
}

/** True where a gate stands and keeps this part or arm from deciding. */
export function isWithheld(evidence: EvidenceConfig | null, named: string): boolean {
  const standing = evidence?.standings.find((one) => one.name === named);
  return standing !== undefined && !mayDecide(standing);
}
