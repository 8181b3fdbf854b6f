import {
  ReasonCode,
  Side,
  type ByRegime,
  type CommonParameters,
  type MarketClock,
} from '@bellwether/contracts';
import { inRegime } from './regime-table.js';
import type { ReleaseDistance, StrategyContext } from './strategy.js';

/** Rules that every entry obeys, whatever its strategy (domain.md 6, "Common rules", and 1.3 for short days). */

/** No entry so near to the end of a session. It binds on short days; on full days every window ends earlier. */
export const CLOSE_MARGIN_MINUTES = 60;

/** The parameters of the strategy in this regime, or why it may not enter now whatever the prices are. */
export function setNow<T extends CommonParameters>(
  context: StrategyContext,
  table: ByRegime<T>,
): T | ReasonCode {
  const set = inRegime(table, context.regime);
  if (set === null) return ReasonCode.STRATEGY_OFF_IN_REGIME;
  if (!isInsideWindow(context.clock, set)) return ReasonCode.OUTSIDE_WINDOW;
  if (!set.on) return ReasonCode.STRATEGY_OFF_IN_REGIME;
  return releaseRefusal(context.releases, set) ?? set;
}

/** True when an entry may be made at this time. Both edges belong to the window. */
export function isInsideWindow(clock: MarketClock, set: CommonParameters): boolean {
  const { in_session, session_minute, close_minute } = clock;
  if (!in_session || session_minute >= close_minute - CLOSE_MARGIN_MINUTES) return false;
  return session_minute >= set.window_from && session_minute <= set.window_to;
}

/** Why a tier-1 release forbids an entry, or null. Without a calendar nothing is known, and the book decides. */
function releaseRefusal(releases: ReleaseDistance | null, set: CommonParameters): ReasonCode | null {
  if (releases === null) return set.event_calendar_needed ? ReasonCode.NO_CALENDAR : null;
  const { minutes_to_next, minutes_since_last } = releases;
  const before = minutes_to_next !== null && minutes_to_next <= set.event_minutes_before;
  const after = minutes_since_last !== null && minutes_since_last < set.event_minutes_after;
  return before || after ? ReasonCode.EVENT_NEAR : null;
}

/** Why a protective stop this far away is refused, or null. */
export function stopRefusal(
  distance_ticks: number,
  atr14_m5_ticks: number,
  set: Pick<CommonParameters, 'stop_min_ticks' | 'stop_max_atr_m5'>,
): ReasonCode | null {
  if (distance_ticks < set.stop_min_ticks) return ReasonCode.STOP_TOO_NEAR;
  if (distance_ticks > set.stop_max_atr_m5 * atr14_m5_ticks) return ReasonCode.STOP_TOO_FAR;
  return null;
}

/** Why a target this far away is refused, or null. A distance below zero lies behind the price. */
export function targetRefusal(
  distance_ticks: number,
  costs: { readonly tick_value_cents: number; readonly round_trip_cost_cents: number },
  set: Pick<CommonParameters, 'target_min_costs'>,
): ReasonCode | null {
  const gain_cents = distance_ticks * costs.tick_value_cents;
  const enough = gain_cents > 0 && gain_cents >= set.target_min_costs * costs.round_trip_cost_cents;
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
