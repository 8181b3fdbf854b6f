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

/** Where the machine stands after a bar. */
type Standing = Pick<RegimeMemory, 'state' | 'state_since_us' | 'pending' | 'pending_since_us' | 'reason'>;

/** One bar further (domain.md 5.3). A new session or a gap forgets everything before it. */
export function observe(memory: RegimeMemory | null, seen: Observation): RegimeMemory {
  const goesOn = memory !== null && memory.trade_date === seen.trade_date && !afterGap(memory, seen.open_us);
  const before = goesOn ? memory : null;
  const bars = Math.min((before?.bars ?? 0) + 1, WARM_UP_BARS);
  const standing = judged(before, bars, seen);
  // Field by field: this runs for every bar.
  return {
    symbol: seen.symbol,
    trade_date: seen.trade_date,
    last_close_us: seen.close_us,
    interval_us: seen.interval_us,
    bars,
    state: standing.state,
    state_since_us: standing.state_since_us,
    pending: standing.pending,
    pending_since_us: standing.pending_since_us,
    probabilities: seen.probabilities ?? NO_PROBABILITIES,
    reason: standing.reason,
  };
}

const NO_PROBABILITIES: readonly number[] = [];

function judged(before: RegimeMemory | null, bars: number, seen: Observation): Standing {
  const state = before?.state ?? RegimeState.UNKNOWN;
  const since_us = before?.state_since_us ?? seen.close_us;
  if (seen.probabilities === null) return standing(state, since_us, ReasonCode.REGIME_INPUTS_MISSING);
  if (bars < WARM_UP_BARS || before === null) return standing(state, since_us, ReasonCode.REGIME_UNKNOWN);
  return judge(before, seen.probabilities, seen.close_us);
}

/** Nothing is pending. */
function standing(state: RegimeState, state_since_us: number, reason: ReasonCode): Standing {
  return { state, state_since_us, pending: null, pending_since_us: null, reason };
}

function judge(memory: RegimeMemory, probabilities: readonly number[], now_us: number): Standing {
  assert(probabilities.length === QUALIFYING.length, 'There is one probability for each of the four states');
  const { state, state_since_us } = memory;
  const unknown = state === RegimeState.UNKNOWN;
  const best = indexOfLargest(probabilities);
  const candidate = QUALIFYING[best]!;
  // Every threshold is above one half, so where the most probable state does not qualify, the present one does not either.
  if (probabilities[best]! < candidate.threshold) {
    const reason = unknown ? ReasonCode.REGIME_UNKNOWN : ReasonCode.REGIME_UNCERTAIN;
    return standing(state, state_since_us, reason);
  }
  if (candidate.state === state) return standing(state, state_since_us, ReasonCode.OK);

  const goesOn = memory.pending === candidate.state && memory.pending_since_us !== null;
  const since_us = goesOn ? memory.pending_since_us : now_us;
  if (now_us - since_us >= PERSISTENCE_US && now_us - state_since_us >= DWELL_US) {
    return standing(candidate.state, now_us, ReasonCode.OK);
  }
  const reason = unknown ? ReasonCode.REGIME_UNKNOWN : ReasonCode.REGIME_PENDING;
  return { state, state_since_us, pending: candidate.state, pending_since_us: since_us, reason };
}

/** The first of the largest. */
function indexOfLargest(values: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
