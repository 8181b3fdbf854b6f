import type { Bar, BookConfig } from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';

/**
 * True for a bar that tells something new of a contract we know: of the book's interval, on the contract's
 * tick grid, later than the last one, with prices that can be. Other bars have no effect on prices, orders or stops.
 */
export function isNewBar(bar: Bar, config: BookConfig | null, lastOpenUs: number | null): boolean {
  const instrument = instrumentOf(bar.symbol);
  if (instrument?.tick_size_e4 !== bar.tick_size_e4) return false;
  if (config !== null && bar.interval_us !== config.bar_interval_us) return false;
  if (!isPlausible(bar)) return false;
  return lastOpenUs === null || bar.open_us > lastOpenUs;
}

/** A million points: beyond any index, so no price. */
export const PRICE_TICKS_MAX = 4_000_000;

function isPlausible({ low_ticks, high_ticks, close_ticks }: Bar): boolean {
  return low_ticks > 0 && close_ticks > 0 && high_ticks <= PRICE_TICKS_MAX && close_ticks <= PRICE_TICKS_MAX;
}
