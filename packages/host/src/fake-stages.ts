/** Small stages for the tests of the host: they count, so that a lost or doubled frame shows in their parts. */
import {
  ClockReason,
  DataOrigin,
  EntryKind,
  ReasonCode,
  RegimeMethod,
  RegimeState,
  type Entry,
  type Fault,
  type FeaturesPart,
  type ForecastPart,
  type Frame,
  type RegimePart,
} from '@bellwether/contracts';
import { FIRST_FRAME_HEAD, makeEntry, openFrame, type Stage } from '@bellwether/kernel';

export const BOOK = 'test';

export function clockEntry(n: number): Entry {
  return makeEntry(
    {
      book: BOOK,
      id: `clock:${n}`,
      kind: EntryKind.CLOCK,
      event_us: n,
      known_us: n,
      source: 'test',
      origin: DataOrigin.SYNTHETIC,
    },
    { clock: { boundary_us: n, reason: ClockReason.IDLE } },
  );
}

export function askedFrame(n: number): Frame {
  return openFrame({ ...FIRST_FRAME_HEAD, seq: n - 1 }, clockEntry(n));
}

/** Counts its frames into `last_close_ticks`. */
export function featuresStage(logicVersion = 1): Stage<number, 'features'> {
  const part = (count: number, fault: Fault | null): FeaturesPart => ({
    logic_version: logicVersion,
    fault,
    reason: fault === null ? ReasonCode.OK : ReasonCode.STAGE_FAULT,
    symbol: 'ES',
    clock: null,
    last_close_ticks: count,
    last_close_us: null,
    vector: null,
    indicators: null,
    aux: null,
    zones: [],
    releases: null,
    streams: [],
  });
  return {
    name: 'features',
    logicVersion,
    onFault: 'mark',
    initialState: () => 0,
    apply: (state) => ({ state: state + 1, part: part(state + 1, null) }),
    faulted: (fault) => part(0, fault),
  };
}

/** Counts its frames into `state_since_us`. */
export function regimeStage(): Stage<number, 'regime'> {
  const part = (count: number, fault: Fault | null): RegimePart => ({
    logic_version: 1,
    fault,
    reason: fault === null ? ReasonCode.OK : ReasonCode.STAGE_FAULT,
    method: RegimeMethod.RULE,
    state: RegimeState.UNKNOWN,
    gate_open: false,
    probabilities: [],
    pending: null,
    pending_since_us: null,
    state_since_us: count,
    model_reason: null,
  });
  return {
    name: 'regime',
    logicVersion: 1,
    onFault: 'mark',
    initialState: () => 0,
    apply: (state) => ({ state: state + 1, part: part(state + 1, null) }),
    faulted: (fault) => part(0, fault),
  };
}

export function forecastStage(): Stage<number, 'forecast'> {
  const part = (fault: Fault | null): ForecastPart => ({
    logic_version: 1,
    fault,
    reason: ReasonCode.NO_MODEL,
    p_cloud: null,
    p_online: null,
    p_final: null,
    caller_model_id: null,
    expected_move_ticks: null,
    model_reason: null,
  });
  return {
    name: 'forecast',
    logicVersion: 1,
    onFault: 'mark',
    initialState: () => 0,
    apply: (state) => ({ state: state + 1, part: part(null) }),
    faulted: part,
  };
}
