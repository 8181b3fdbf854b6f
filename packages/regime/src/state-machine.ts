import { ReasonCode, RegimeState } from '@bellwether/contracts';
import { assert } from '@bellwether/kernel';

/**
 * A state becomes the regime after it has qualified for this long, and is kept for as long (domain.md 5.3). Another state
 * can only begin to qualify after the switch, so the second bound holds by itself while it is not the longer one.
 */
export const PERSISTENCE_US = 180_000_000;
export const DWELL_US = 180_000_000;
/** Longer without a bar, and what was known of the regime no longer holds. */
export const GAP_US = 300_000_000;
/** Bars of unbroken data before a regime can be known. */
export const WARM_UP_BARS = 30;

/** The four states in the order of the probabilities, each with the probability it must reach (domain.md 5.1). */
export const QUALIFYING: readonly { readonly state: RegimeState; readonly threshold: number }[] = [
  { state: RegimeState.CALM_TREND, threshold: 0.52 },
  { state: RegimeState.CALM_CHOP, threshold: 0.54 },
  { state: RegimeState.HIGHVOL_TREND, threshold: 0.55 },
  { state: RegimeState.HIGHVOL_CHOP, threshold: 0.58 },
];

/** What is remembered of one symbol between its bars. Plain data. */
export interface RegimeMemory {
  readonly symbol: string;
  /** yyyymmdd of the last bar's session. */
  readonly trade_date: number;
  readonly last_close_us: number;
  readonly interval_us: number;
  /** Bars since the session opened or a gap ended, counted up to {@link WARM_UP_BARS}. */
  readonly bars: number;
  readonly state: RegimeState;
  /** Market time of the last switch; while unknown, of the first bar since. */
  readonly state_since_us: number;
  readonly pending: RegimeState | null;
  readonly pending_since_us: number | null;
  /** Of the last bar; empty where they could not be computed. */
  readonly probabilities: readonly number[];
  /** OK when the gate is open. */
  readonly reason: ReasonCode;
}

/** A completed bar as the machine sees it. `close_us` is the market time of everything that follows from it. */
export interface Observation {
  readonly symbol: string;
  readonly trade_date: number;
  readonly open_us: number;
  readonly close_us: number;
  readonly interval_us: number;
  /** In the order of {@link QUALIFYING}; null where an input is missing. */
  readonly probabilities: readonly number[] | null;
}

/** True when a bar that opens at this time comes after a gap. */
export function afterGap(memory: RegimeMemory, open_us: number): boolean {
  return open_us - memory.last_close_us > GAP_US;
}

/** One bar further (domain.md 5.3). A new session or a gap forgets everything before it. */
export function observe(memory: RegimeMemory | null, seen: Observation): RegimeMemory {
  const goesOn = memory !== null && memory.trade_date === seen.trade_date && !afterGap(memory, seen.open_us);
  const before = goesOn ? memory : unknownSince(seen);
  const counted: RegimeMemory = {
    ...before,
    last_close_us: seen.close_us,
    interval_us: seen.interval_us,
    bars: Math.min(before.bars + 1, WARM_UP_BARS),
    probabilities: seen.probabilities ?? [],
  };
  if (seen.probabilities === null) return notPending(counted, ReasonCode.REGIME_INPUTS_MISSING);
  if (counted.bars < WARM_UP_BARS) return notPending(counted, ReasonCode.REGIME_UNKNOWN);
  return judge(counted, seen.probabilities, seen.close_us);
}

function unknownSince(seen: Observation): RegimeMemory {
  return {
    symbol: seen.symbol,
    trade_date: seen.trade_date,
    last_close_us: seen.close_us,
    interval_us: seen.interval_us,
    bars: 0,
    state: RegimeState.UNKNOWN,
    state_since_us: seen.close_us,
    pending: null,
    pending_since_us: null,
    probabilities: [],
    reason: ReasonCode.REGIME_UNKNOWN,
  };
}

function notPending(memory: RegimeMemory, reason: ReasonCode): RegimeMemory {
  return { ...memory, pending: null, pending_since_us: null, reason };
}

function judge(memory: RegimeMemory, probabilities: readonly number[], now_us: number): RegimeMemory {
  assert(probabilities.length === QUALIFYING.length, 'There is one probability for each of the four states');
  const unknown = memory.state === RegimeState.UNKNOWN;
  const best = indexOfLargest(probabilities);
  const candidate = QUALIFYING[best]!;
  // Every threshold is above one half, so where the most probable state does not qualify, the present one does not either.
  if (probabilities[best]! < candidate.threshold) {
    return notPending(memory, unknown ? ReasonCode.REGIME_UNKNOWN : ReasonCode.REGIME_UNCERTAIN);
  }
  if (candidate.state === memory.state) return notPending(memory, ReasonCode.OK);

  const goesOn = memory.pending === candidate.state && memory.pending_since_us !== null;
  const since_us = goesOn ? memory.pending_since_us : now_us;
  if (now_us - since_us >= PERSISTENCE_US && now_us - memory.state_since_us >= DWELL_US) {
    return notPending({ ...memory, state: candidate.state, state_since_us: now_us }, ReasonCode.OK);
  }
  const reason = unknown ? ReasonCode.REGIME_UNKNOWN : ReasonCode.REGIME_PENDING;
  return { ...memory, pending: candidate.state, pending_since_us: since_us, reason };
}

/** The first of the largest. */
function indexOfLargest(values: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
