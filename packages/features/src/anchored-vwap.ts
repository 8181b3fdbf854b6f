import { startVwap, updateVwap, type PriceBar, type VwapState } from '@bellwether/indicators';
import type { TradeSession } from '@bellwether/market';
import { HOLE_MAX_US } from './continuity.js';

/** VWAP of the running part of a session: from 08:30 once the cash session has begun, from 17:00 before. */
export interface AnchoredVwap {
  readonly anchor_us: number;
  /**
   * Null where bars or volumes since the anchor are missing: a sum with a hole is no VWAP until the next
   * anchor.
   */
  readonly state: VwapState | null;
}

function anchorOf(session: TradeSession, open_us: number): number {
  return open_us >= session.rth_open_us ? session.rth_open_us : session.open_us;
}

/** Adds a bar. `continues` says that no hole lies before it. */
export function updateAnchoredVwap(
  previous: AnchoredVwap | null,
  session: TradeSession,
  bar: PriceBar & { readonly volume: number | null },
  continues: boolean,
): AnchoredVwap {
  const anchor_us = anchorOf(session, bar.open_us);
  const goesOn = continues && previous !== null && previous.anchor_us === anchor_us;
  const fromAnchor = bar.open_us - anchor_us <= HOLE_MAX_US;
  const base = goesOn ? previous.state : fromAnchor ? startVwap(anchor_us, bar.close_ticks) : null;
  return {
    anchor_us,
    state: base === null || bar.volume === null ? null : updateVwap(base, bar, bar.volume),
  };
}
