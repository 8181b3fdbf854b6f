import type { BookConfig, TradePlan } from '@bellwether/contracts';
import { breakEvenTicks, feePerSideCents, tp1Ticks, trailAtr } from '@bellwether/portfolio';
import type { EntryPlan } from './intents.js';
import { tp1Quantity } from './intents.js';

/**
 * All that is decided of a trade before it begins (domain.md 8.2), by the planned entry. The fill sets anew what depends
 * on its price: first partial exit, break-even and R.
 */
export function tradePlan(plan: EntryPlan, config: BookConfig): TradePlan {
  const { setup, size, instrument, regime } = plan;
  const { side, entry_ticks, stop_ticks, tp1_r } = setup;
  const distance_ticks = Math.abs(entry_ticks - stop_ticks);
  const fee = feePerSideCents(config, instrument);
  return {
    symbol: setup.symbol,
    side,
    quantity: size,
    order_type: setup.order_type,
    entry_ticks,
    stop_ticks,
    risk_cents: size * distance_ticks * instrument.tick_value_cents,
    tp1_ticks: tp1_r === null ? null : tp1Ticks(side, entry_ticks, stop_ticks, tp1_r),
    tp1_quantity: tp1Quantity(setup, size),
    break_even_ticks: breakEvenTicks(side, entry_ticks, fee, instrument),
    target_ticks: setup.target_ticks,
    trail_atr: config.management === null ? null : trailAtr(config.management, regime),
    expires_us: plan.expires_us,
    time_stop_us: setup.time_stop_us,
    flat_by_us: plan.flat_by_us,
  };
}
