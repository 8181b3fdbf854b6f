import { Side, type BookConfig, type Position } from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';
import { feePerSideCents } from '../levels.js';

/** Open risk of what is held (domain.md 7.5). */
export interface Heat {
  /** Over headroom, as if all positions fell together; 0 while flat. Null without a headroom, and without a stop. */
  readonly heat: number | null;
  /** Largest share of one position; null while nothing is at risk. */
  readonly concentration: number | null;
}

const COLD: Heat = { heat: 0, concentration: null };
const UNKNOWN: Heat = { heat: null, concentration: null };

/**
 * Risk of a position: from the mark to its stop, with the cost of getting out. Orders under way are not in it, nor the
 * correlation of ES and NQ: the risk stage, which knows both, judges by its own number.
 */
export function heatOfPositions(
  positions: readonly Position[],
  config: BookConfig | null,
  headroom_cents: number | null,
): Heat {
  if (headroom_cents === null || headroom_cents <= 0) return UNKNOWN;
  if (positions.length === 0) return COLD;
  let sum = 0;
  let largest = 0;
  for (const position of positions) {
    const risk = riskCents(position, config);
    if (risk === null) return UNKNOWN;
    sum += risk;
    largest = Math.max(largest, risk);
  }
  return { heat: sum / headroom_cents, concentration: sum > 0 ? largest / sum : null };
}

function riskCents(position: Position, config: BookConfig | null): number | null {
  const { stop_ticks, quantity, cost_ticks, side, open_pnl_cents } = position;
  const instrument = instrumentOf(position.symbol);
  if (instrument === null || stop_ticks === null || open_pnl_cents === null) return null;
  const sign = side === Side.SHORT ? -1 : 1;
  const own = config?.symbols.find(({ symbol }) => symbol === position.symbol);
  const slip = own?.slippage_ticks ?? instrument.slippage_ticks_default;
  const at_stop = sign * (stop_ticks * quantity - cost_ticks) - slip * quantity;
  const stopped = at_stop * instrument.tick_value_cents - quantity * feePerSideCents(config, instrument);
  return Math.max(0, open_pnl_cents - stopped);
}
