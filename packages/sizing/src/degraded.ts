import { ReasonCode, type SizingPart } from '@bellwether/contracts';

/**
 * The size of a book whose decisions take too long: half of it, rounded down (architecture.md section 10). One contract
 * becomes none.
 */
export function halved(part: SizingPart): SizingPart {
  const proposed_contracts = Math.floor(part.proposed_contracts / 2);
  const lost = part.proposed_contracts > 0 && proposed_contracts === 0;
  return {
    ...part,
    proposed_contracts,
    reason: lost ? ReasonCode.DEGRADED_MODE : part.reason,
    degraded: true,
  };
}
