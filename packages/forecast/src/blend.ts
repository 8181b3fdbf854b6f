import { ReasonCode } from '@bellwether/contracts';

export interface Blend {
  readonly p_final: number | null;
  readonly reason: ReasonCode;
}

/**
 * `p_final = w p_cloud + (1 - w) p_online` where both are there; one alone stands for itself, with a reason; none is none
 * (architecture.md section 10).
 */
export function blended(
  p_cloud: number | null,
  p_online: number | null,
  cloudWeight: number,
  whyNoCloud: ReasonCode,
): Blend {
  if (p_cloud !== null && p_online !== null) {
    return { p_final: cloudWeight * p_cloud + (1 - cloudWeight) * p_online, reason: ReasonCode.OK };
  }
  if (p_cloud !== null) return { p_final: p_cloud, reason: ReasonCode.NETWORK_ONLY };
  if (p_online !== null) return { p_final: p_online, reason: ReasonCode.ONLINE_ONLY };
  return { p_final: null, reason: whyNoCloud };
}
