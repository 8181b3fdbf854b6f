import { ReasonCode } from '@bellwether/contracts';
import { instrumentOf, sessionAt, sessionReason } from '@bellwether/market';
import { schemaSha256 } from './feature-set.js';
import type { IncomingBar } from './symbol-state.js';

function isPlausible(bar: IncomingBar): boolean {
  const { open_ticks, high_ticks, low_ticks, close_ticks, volume } = bar;
  return (
    low_ticks > 0 &&
    low_ticks <= Math.min(open_ticks, close_ticks) &&
    high_ticks >= Math.max(open_ticks, close_ticks) &&
    (volume === null || volume >= 0)
  );
}

/**
 * Why a bar is not taken in, or OK. `interval_us` is the book's; `last_open_us` that of the symbol's last
 * bar. A bar off its interval's grid (08:30:30) has the wrong interval too; one in another tick size has
 * implausible prices.
 */
export function checkBar(
  symbol: string,
  bar: IncomingBar,
  tick_size_e4: number,
  interval_us: number,
  last_open_us: number | null,
): ReasonCode {
  const instrument = instrumentOf(symbol);
  if (instrument === null) return ReasonCode.UNKNOWN_SYMBOL;
  const known = schemaSha256(interval_us) !== null;
  if (!known || bar.close_us - bar.open_us !== interval_us || bar.open_us % interval_us !== 0) {
    return ReasonCode.WRONG_INTERVAL;
  }
  if (tick_size_e4 !== instrument.tick_size_e4 || !isPlausible(bar)) return ReasonCode.PRICE_IMPLAUSIBLE;
  if (last_open_us !== null && bar.open_us <= last_open_us) return ReasonCode.STALE_BAR;
  const session = sessionAt(bar.open_us);
  if (session === null) return sessionReason(bar.open_us);
  return bar.close_us > session.close_us ? ReasonCode.OUTSIDE_SESSION : ReasonCode.OK;
}
