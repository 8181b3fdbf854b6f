import { ReasonCode } from '@bellwether/contracts';
import { startVwap, updateVwap, type PriceBar, type VwapState } from '@bellwether/indicators';

/** VWAP of the running part of a session: from 08:30 once the cash session has begun, from 17:00 before. */
export interface AnchoredVwap {
  readonly anchor_us: number;
  /** Null where bars or volumes since the anchor are missing: a sum with a hole is no VWAP until the next anchor. */
  readonly state: VwapState | null;
  /** Why there is no state, else OK. */
  readonly reason: ReasonCode;
}

type VolumeBar = PriceBar & { readonly volume: number | null };

function startAt(anchor_us: number, bar: VolumeBar, continues: boolean): AnchoredVwap {
  // With bars up to the anchor, minutes without one had no trade; without them nothing is known of those minutes.
  const whole = continues || bar.open_us === anchor_us;
  return whole
    ? { anchor_us, state: startVwap(anchor_us, bar.close_ticks), reason: ReasonCode.OK }
    : { anchor_us, state: null, reason: ReasonCode.WARM_UP };
}

/** Adds a bar. `continues` says that no hole lies before it. */
export function updateAnchoredVwap(
  previous: AnchoredVwap | null,
  anchor_us: number,
  bar: VolumeBar,
  continues: boolean,
): AnchoredVwap {
  const goesOn = previous !== null && previous.anchor_us === anchor_us;
  if (bar.volume === null) return { anchor_us, state: null, reason: ReasonCode.NO_VOLUME };
  const base = goesOn ? previous : startAt(anchor_us, bar, continues);
  if (base.state === null) return base;
  if (goesOn && !continues) return { anchor_us, state: null, reason: ReasonCode.WARM_UP };
  return { anchor_us, state: updateVwap(base.state, bar, bar.volume), reason: ReasonCode.OK };
}
