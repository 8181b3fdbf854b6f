import { ReasonCode, Side, type MarketClock } from '@bellwether/contracts';

/**
 * Rules that every entry obeys, whatever its strategy (domain.md 6, "Common rules", and 1.3 for short days). The rule
 * that keeps entries away from economic releases is not here: there is no calendar of them yet.
 */

/** Closer than this, noise alone reaches the stop. */
export const STOP_DISTANCE_MIN_TICKS = 4;
/** Farther than this many 5-minute ATR, the trade is not the one that was meant. */
export const STOP_DISTANCE_MAX_ATR_M5 = 1.5;
/** A target nearer than this many round-trip costs pays the broker. */
export const TARGET_DISTANCE_MIN_COSTS = 3;
/** No entry so near to the end of a session. It binds on short days; on full days every window ends earlier. */
export const CLOSE_MARGIN_MINUTES = 60;

/** Minutes after 17:00 Chicago, both inclusive: 08:30 is 930. */
export interface EntryWindow {
  readonly first_minute: number;
  readonly last_minute: number;
}

/** True when an entry may be made at this time. */
export function isInsideWindow(clock: MarketClock, window: EntryWindow): boolean {
  const { in_session, session_minute, close_minute } = clock;
  if (!in_session || session_minute >= close_minute - CLOSE_MARGIN_MINUTES) return false;
  return session_minute >= window.first_minute && session_minute <= window.last_minute;
}

/** Why a protective stop this far away is refused, or null. */
export function stopRefusal(distance_ticks: number, atr14_m5_ticks: number): ReasonCode | null {
  if (distance_ticks < STOP_DISTANCE_MIN_TICKS) return ReasonCode.STOP_TOO_NEAR;
  if (distance_ticks > STOP_DISTANCE_MAX_ATR_M5 * atr14_m5_ticks) return ReasonCode.STOP_TOO_FAR;
  return null;
}

/** Why a target this far away is refused, or null. A distance below zero lies behind the price. */
export function targetRefusal(
  distance_ticks: number,
  costs: { readonly tick_value_cents: number; readonly round_trip_cost_cents: number },
): ReasonCode | null {
  const gain_cents = distance_ticks * costs.tick_value_cents;
  const enough = gain_cents > 0 && gain_cents >= TARGET_DISTANCE_MIN_COSTS * costs.round_trip_cost_cents;
  return enough ? null : ReasonCode.TARGET_TOO_NEAR;
}

/** Products of whole ticks and a factor of two decimals miss a whole number by far less. */
const ROUNDING_SLACK = 1e-9;

/** A stop distance times a factor, rounded away from the price: the risk is never understated. */
export function scaledStopTicks(distance_ticks: number, factor: number): number {
  return Math.ceil(distance_ticks * factor - ROUNDING_SLACK);
}

/** A target distance times a factor, rounded toward the price: the gain is never overstated. */
export function scaledTargetTicks(distance_ticks: number, factor: number): number {
  return Math.floor(distance_ticks * factor + ROUNDING_SLACK);
}

/** +1 for long, -1 for short. */
export function signOf(side: Side): 1 | -1 {
  return side === Side.SHORT ? -1 : 1;
}
