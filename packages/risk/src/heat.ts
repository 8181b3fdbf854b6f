import { Side } from '@bellwether/contracts';
import type { RiskShare } from './open-risk.js';

/**
 * Open risk over headroom (domain.md 7.5). Within ES and MES, or NQ and MNQ, risks add up whatever their sides. ES and NQ
 * of one side are taken together by their correlation; of opposite sides nothing is deducted, for one swing can stop both.
 *
 * Null where the headroom is used up: then no number says how hot it is.
 */
export function heatOf(
  shares: readonly RiskShare[],
  headroom_cents: number,
  correlation: number,
): number | null {
  const es = sumOf(shares, 'ES');
  const nq = sumOf(shares, 'NQ');
  if (es === 0 && nq === 0) return 0;
  if (headroom_cents <= 0) return null;
  const first = shares.find(({ risk_cents }) => risk_cents > 0)?.side ?? Side.UNSPECIFIED;
  const oneSided = shares.every(({ side, risk_cents }) => risk_cents === 0 || side === first);
  const rho = oneSided ? correlation : 1;
  return Math.sqrt(es * es + nq * nq + 2 * rho * es * nq) / headroom_cents;
}

function sumOf(shares: readonly RiskShare[], family: RiskShare['family']): number {
  return shares.reduce((sum, share) => (share.family === family ? sum + share.risk_cents : sum), 0);
}
