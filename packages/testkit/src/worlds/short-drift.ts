import type { NumberSource } from '../synthetic/normal-source.js';

/**
 * What the world of short drifts is made of: for some minutes the price leans one way, then the other or none. The next quarter of an
 * hour can be forecast from the last half hour, as well as a drift of that length allows and no better.
 */
export const SHORT_DRIFT = {
  /** Drift in standard deviations a minute. */
  drift: 0.3,
  /** Mean minutes of a lean, and of the rest between two. */
  lean_minutes: 40,
  rest_minutes: 20,
} as const;

/** +1 and -1: the price leans that way; 0: it does not. */
export type DriftDirection = 1 | 0 | -1;

/** The lean a minute later; each lasts a random time without memory. */
export function nextDrift(now: DriftDirection, source: NumberSource): DriftDirection {
  const minutes = now === 0 ? SHORT_DRIFT.rest_minutes : SHORT_DRIFT.lean_minutes;
  if (source.uniform() * minutes >= 1) return now;
  if (now !== 0) return 0;
  return source.uniform() < 0.5 ? 1 : -1;
}
