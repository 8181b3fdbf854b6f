import { OrderType, ReasonCode, Strategy, type StrategyParameters } from '@bellwether/contracts';
import { setNow, signOf } from './entry-rules.js';
import type { Evaluation, StrategyContext, StrategyRule, Zone } from './strategy.js';
import { expiryOf, planned } from './trade-draft.js';

type S10Set = StrategyParameters['S10']['calm_trend'];

/** How far the price is in front of the zone; below zero it is in it or beyond. */
function distanceTo(zone: Zone, price_ticks: number): number {
  return signOf(zone.side) * (price_ticks - zone.proximal_ticks);
}

/** What a zone is judged by besides itself. */
interface Place {
  readonly price_ticks: number;
  readonly slope_ticks: number;
  readonly atr_ticks: number;
}

/** Fresh, young enough, in front of the price and near it, and on the side of the slope where the regime asks for that. */
function isPermitted(zone: Zone, { price_ticks, slope_ticks, atr_ticks }: Place, set: S10Set): boolean {
  if (!zone.fresh || zone.age_sessions >= set.age_max_sessions) return false;
  const distance = distanceTo(zone, price_ticks);
  if (distance <= 0 || distance > set.reach_max_atr_m5 * atr_ticks) return false;
  return set.against_slope || signOf(zone.side) * slope_ticks > 0;
}

function nearest(zones: readonly Zone[], price_ticks: number): Zone | null {
  let best: Zone | null = null;
  for (const zone of zones) {
    if (best === null || distanceTo(zone, price_ticks) < distanceTo(best, price_ticks)) best = zone;
  }
  return best;
}

/**
 * Supply and demand zone retest (domain.md 6.1, S10, and 7.3): a limit order waits at the near edge of the nearest fresh
 * zone. Target is the near edge of the next zone on the other side, or a multiple of the risk where there is none.
 */
export function evaluateS10(context: StrategyContext): Evaluation {
  const set = setNow(context, context.parameters.S10);
  if (typeof set === 'number') return { reason: set };
  const { zones } = context;
  if (zones === null) return { reason: ReasonCode.ZONES_MISSING };
  const slope_ticks = context.indicators.cash?.m5?.ema21_slope6_ticks ?? null;
  const { atr14_m5_ticks } = context.indicators;
  if (slope_ticks === null || atr14_m5_ticks === null) return { reason: ReasonCode.INDICATOR_MISSING };
  const { close_ticks } = context.bar;
  const place = { price_ticks: close_ticks, slope_ticks, atr_ticks: atr14_m5_ticks };
  const zone = nearest(
    zones.filter((known) => isPermitted(known, place, set)),
    close_ticks,
  );
  if (zone === null) return { reason: ReasonCode.NO_ZONE };
  const sign = signOf(zone.side);
  const entry_ticks = zone.proximal_ticks;
  const opposing = nearest(
    zones.filter((known) => known.side !== zone.side && sign * (known.proximal_ticks - entry_ticks) > 0),
    close_ticks,
  );
  const draft = {
    strategy: Strategy.S10,
    side: zone.side,
    order_type: OrderType.LIMIT,
    entry_ticks,
    stop_distance_ticks: sign * (entry_ticks - zone.distal_ticks) + set.stop_margin_ticks,
    stop_cap_ticks: null,
    target:
      opposing === null ? { r: set.target_r } : { ticks: sign * (opposing.proximal_ticks - entry_ticks) },
    target_min_r: 0,
    tp1: { r: set.tp1_r, ticks: null },
    expires_us: expiryOf(context, set.valid_bars),
    time_stop_us: null,
  };
  return planned(context, draft, set);
}

export const S10: StrategyRule = { strategy: Strategy.S10, evaluate: evaluateS10 };
