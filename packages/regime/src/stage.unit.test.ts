import { describe, expect, it } from '@jest/globals';
import {
  ReasonCode,
  RegimeMethod,
  RegimeState,
  type FeatureVector,
  type FeaturesPart,
  type Frame,
  type Indicators,
} from '@bellwether/contracts';
import { FEATURES } from '@bellwether/features';
import {
  aBarEntry,
  aFeatureVector,
  aFeaturesPart,
  aFillEntry,
  aFrame,
  aReleaseEntry,
  aSignalEntry,
  atMinute,
  specify,
  theIndicators,
} from '@bellwether/testkit';
import { stage } from './index.js';

const DIRECTIONLESS = { ema9_ticks: 26_400, ema21_ticks: 26_400, er30: 0.05 };
const STRAIGHT = { ema9_ticks: 26_420, ema21_ticks: 26_400, atr14_ticks: 12, er30: 0.7 };
const R4 = FEATURES.findIndex(({ code }) => code === 'R4');
const P4 = FEATURES.findIndex(({ code }) => code === 'P4');

/** What the features say of a bar. */
interface Scene {
  readonly indicators: Indicators;
  readonly vector: FeatureVector;
}

function scene(indicators: Partial<Indicators>, direction30: number, return60: number): Scene {
  const vector = aFeatureVector({ present_index: [P4, R4], present_value: [return60, direction30] });
  return { indicators: theIndicators(indicators), vector };
}

const CALM_TREND = scene({ ...STRAIGHT, rv30_percentile: 0.1 }, 0.5, 0.8);
const CALM_CHOP = scene({ ...DIRECTIONLESS, rv30_percentile: 0.1 }, 0, 0);
const HIGHVOL_CHOP = scene({ ...DIRECTIONLESS, rv30_percentile: 0.95 }, 0, 0);
/** pHV 0.5, and no axis can make up for that: nothing qualifies. */
const UNDECIDED = scene({ ...DIRECTIONLESS, rv30_percentile: 0.6 }, 0.5, 0.5);
const MISSING = scene({ rv30_percentile: null }, 0, 0);

/** The bar that opens at this minute after 17:00. */
function barAt(minute: number, told: Scene, features: Partial<FeaturesPart> = {}): Frame {
  return aFrame({
    entry: aBarEntry({ open_us: atMinute(minute) }),
    features: aFeaturesPart({ ...told, ...features }),
  });
}

function barsFrom(minute: number, count: number, told: Scene): readonly Frame[] {
  return Array.from({ length: count }, (_, i) => barAt(minute + i, told));
}

function signalAt(minute: number, seconds: number, features: Partial<FeaturesPart> = {}): Frame {
  const entry = aSignalEntry({}, { event_us: atMinute(minute) + seconds * 1_000_000 });
  return aFrame({ entry, features: aFeaturesPart(features) });
}

/** Bars of minutes 930 to 962: Calm-Chop is known since the close of the last. */
const KNOWN = barsFrom(930, 33, CALM_CHOP);

describe('regime: warm-up', () => {
  it('knows nothing before 30 bars', () => {
    specify(stage)
      .given(barsFrom(930, 28, CALM_CHOP))
      .when(barAt(958, CALM_CHOP))
      .then({
        reason: ReasonCode.REGIME_UNKNOWN,
        state: RegimeState.UNKNOWN,
        gate_open: false,
        pending: null,
      });
  });

  it('lets a state begin to qualify at the 30th bar', () => {
    specify(stage)
      .given(barsFrom(930, 29, CALM_CHOP))
      .when(barAt(959, CALM_CHOP))
      .then({
        reason: ReasonCode.REGIME_UNKNOWN,
        state: RegimeState.UNKNOWN,
        gate_open: false,
        pending: RegimeState.CALM_CHOP,
        pending_since_us: atMinute(960),
      });
  });

  it('opens the gate once it has qualified for 180 seconds, and not a bar earlier', () => {
    const given = barsFrom(930, 31, CALM_CHOP);
    specify(stage).given(given).when(barAt(961, CALM_CHOP)).then({ gate_open: false });
    specify(stage)
      .given([...given, barAt(961, CALM_CHOP)])
      .when(barAt(962, CALM_CHOP))
      .then({
        reason: ReasonCode.OK,
        method: RegimeMethod.RULE,
        state: RegimeState.CALM_CHOP,
        gate_open: true,
        pending: null,
        pending_since_us: null,
        state_since_us: atMinute(963),
      });
  });

  it('goes by market time: a bar that comes late still closed when it closed', () => {
    const late = barAt(962, CALM_CHOP);
    const entry = { ...aBarEntry({ open_us: atMinute(962) }), known_us: atMinute(990) };
    specify(stage)
      .given(KNOWN.slice(0, 32))
      .when({ ...late, entry, book_time_us: atMinute(990) })
      .then({ state: RegimeState.CALM_CHOP, state_since_us: atMinute(963) });
  });
});

describe('regime: hysteresis', () => {
  it('closes the gate while another state qualifies', () => {
    specify(stage)
      .given(KNOWN)
      .when(barAt(963, HIGHVOL_CHOP))
      .then({
        reason: ReasonCode.REGIME_PENDING,
        state: RegimeState.CALM_CHOP,
        gate_open: false,
        pending: RegimeState.HIGHVOL_CHOP,
        pending_since_us: atMinute(964),
      });
  });

  it('switches after 180 seconds of another state', () => {
    const given = [...KNOWN, ...barsFrom(963, 3, HIGHVOL_CHOP)];
    specify(stage).given(given.slice(0, -1)).when(barAt(965, HIGHVOL_CHOP)).then({ gate_open: false });
    specify(stage)
      .given(given)
      .when(barAt(966, HIGHVOL_CHOP))
      .then({ state: RegimeState.HIGHVOL_CHOP, gate_open: true, state_since_us: atMinute(967) });
  });

  it('begins to count again when a third state comes between', () => {
    const given = [...KNOWN, ...barsFrom(963, 2, HIGHVOL_CHOP), barAt(965, CALM_TREND)];
    specify(stage)
      .given(given)
      .when(barAt(966, HIGHVOL_CHOP))
      .then({ state: RegimeState.CALM_CHOP, pending_since_us: atMinute(967), gate_open: false });
  });

  it('forgets the other state when the present one qualifies again', () => {
    specify(stage)
      .given([...KNOWN, ...barsFrom(963, 2, HIGHVOL_CHOP)])
      .when(barAt(965, CALM_CHOP))
      .then({ reason: ReasonCode.OK, gate_open: true, pending: null, pending_since_us: null });
  });

  it('keeps the state and closes the gate while none qualifies', () => {
    specify(stage).given(KNOWN).when(barAt(963, UNDECIDED)).then({
      reason: ReasonCode.REGIME_UNCERTAIN,
      state: RegimeState.CALM_CHOP,
      gate_open: false,
      pending: null,
    });
  });

  it('opens again at once when the kept state qualifies again', () => {
    specify(stage)
      .given([...KNOWN, ...barsFrom(963, 5, UNDECIDED)])
      .when(barAt(968, CALM_CHOP))
      .then({ reason: ReasonCode.OK, gate_open: true, state_since_us: atMinute(963) });
  });
});

describe('regime: what is missing', () => {
  it('closes the gate without a number it is judged by, and keeps the state', () => {
    specify(stage).given(KNOWN).when(barAt(963, MISSING)).then({
      reason: ReasonCode.REGIME_INPUTS_MISSING,
      state: RegimeState.CALM_CHOP,
      gate_open: false,
      probabilities: [],
    });
  });

  it('does not let a state persist across a bar without inputs', () => {
    specify(stage)
      .given([...KNOWN, ...barsFrom(963, 2, HIGHVOL_CHOP), barAt(965, MISSING)])
      .when(barAt(966, HIGHVOL_CHOP))
      .then({ reason: ReasonCode.REGIME_PENDING, pending_since_us: atMinute(967) });
  });

  it('says that inputs are missing when the features have no indicators', () => {
    specify(stage)
      .given([])
      .when(aFrame({ features: aFeaturesPart({ indicators: null }) }))
      .then({ reason: ReasonCode.REGIME_INPUTS_MISSING, state: RegimeState.UNKNOWN });
  });

  it('takes over the reason of a bar that the features refused, and learns nothing from it', () => {
    const stale = barAt(962, HIGHVOL_CHOP, { reason: ReasonCode.STALE_BAR });
    const step = specify(stage).given(KNOWN).when(stale);
    step.then({ reason: ReasonCode.STALE_BAR, state: RegimeState.CALM_CHOP, gate_open: false });
    expect(step.state).toEqual(specify(stage).given(KNOWN.slice(0, -1)).when(KNOWN.at(-1)!).state);
  });

  it('passes on a fault of the features as a closed gate', () => {
    const fault = { stage: 'features', code: ReasonCode.STAGE_FAULT, detail: 'x' };
    specify(stage)
      .given(KNOWN)
      .when(barAt(963, CALM_CHOP, { fault }))
      .then({ reason: ReasonCode.STAGE_FAULT, fault: null, gate_open: false });
    specify(stage).given(KNOWN).when(aFrame()).then({ reason: ReasonCode.STAGE_FAULT, gate_open: false });
  });

  it('refuses a symbol that is no instrument, and remembers nothing of it', () => {
    const entry = aBarEntry({ symbol: 'ZZ' });
    const step = specify(stage)
      .given([])
      .when(aFrame({ entry, features: aFeaturesPart() }));
    step.then({ reason: ReasonCode.UNKNOWN_SYMBOL, gate_open: false });
    expect(step.state.symbols).toEqual([]);
  });
});

describe('regime: sessions and gaps', () => {
  it('bears a gap of five minutes and no more', () => {
    // The last bar closed at 963.
    specify(stage).given(KNOWN).when(barAt(968, CALM_CHOP)).then({ gate_open: true });
    specify(stage)
      .given(KNOWN)
      .when(barAt(969, CALM_CHOP))
      .then({
        reason: ReasonCode.REGIME_UNKNOWN,
        state: RegimeState.UNKNOWN,
        gate_open: false,
        state_since_us: atMinute(970),
      });
  });

  it('needs 30 bars again after a gap', () => {
    specify(stage)
      .given([...KNOWN, ...barsFrom(980, 32, CALM_CHOP)])
      .when(barAt(1_012, CALM_CHOP))
      .then({ gate_open: true, state_since_us: atMinute(1_013) });
  });

  it('begins anew with the next session', () => {
    // Minutes 1,380 to 1,439 are the daily break; bars up to its edge and on from 17:00.
    const toTheClose = barsFrom(1_340, 40, CALM_CHOP);
    specify(stage).given(toTheClose.slice(0, -1)).when(toTheClose.at(-1)!).then({ gate_open: true });
    specify(stage)
      .given(toTheClose)
      .when(barAt(1_440, CALM_CHOP))
      .then({ reason: ReasonCode.REGIME_UNKNOWN, state: RegimeState.UNKNOWN });
  });

  it('keeps its symbols apart', () => {
    const nq = aFrame({
      entry: aBarEntry({ symbol: 'NQ', open_us: atMinute(963) }),
      features: aFeaturesPart({ symbol: 'NQ', ...CALM_CHOP }),
    });
    const step = specify(stage).given(KNOWN).when(nq);
    step.then({ reason: ReasonCode.REGIME_UNKNOWN });
    expect(step.state.symbols.map(({ symbol, state }) => [symbol, state])).toEqual([
      ['ES', RegimeState.CALM_CHOP],
      ['NQ', RegimeState.UNKNOWN],
    ]);
  });
});

describe('regime: signals and other entries', () => {
  it('repeats the state of the symbol on a signal', () => {
    const step = specify(stage).given(KNOWN).when(signalAt(963, 20));
    step.then({ reason: ReasonCode.OK, state: RegimeState.CALM_CHOP, gate_open: true });
    expect(step.part.probabilities).toHaveLength(4);
  });

  it('repeats a closed gate with its reason', () => {
    specify(stage)
      .given([...KNOWN, barAt(963, UNDECIDED)])
      .when(signalAt(964, 20))
      .then({ reason: ReasonCode.REGIME_UNCERTAIN, gate_open: false });
  });

  it('knows nothing of a symbol without bars', () => {
    specify(stage)
      .given([])
      .when(signalAt(963, 20))
      .then({ reason: ReasonCode.REGIME_UNKNOWN, state: RegimeState.UNKNOWN, gate_open: false });
  });

  it('trusts its last bar for five minutes and the length of a bar', () => {
    specify(stage).given(KNOWN).when(signalAt(969, 0)).then({ gate_open: true });
    specify(stage)
      .given(KNOWN)
      .when(signalAt(969, 1))
      .then({ reason: ReasonCode.REGIME_UNKNOWN, gate_open: false });
  });

  it('does not carry a state into the next session', () => {
    specify(stage)
      .given(barsFrom(1_340, 40, CALM_CHOP))
      .when(signalAt(1_440, 0))
      .then({ reason: ReasonCode.REGIME_UNKNOWN, gate_open: false });
  });

  it('takes over the reason of the features on a signal', () => {
    specify(stage)
      .given(KNOWN)
      .when(signalAt(963, 20, { reason: ReasonCode.UNKNOWN_SYMBOL }))
      .then({ reason: ReasonCode.UNKNOWN_SYMBOL, gate_open: false });
  });

  it.each([
    ['a fill', aFillEntry()],
    ['a release', aReleaseEntry()],
  ])('has nothing to say to %s', (_name, entry) => {
    const step = specify(stage)
      .given(KNOWN)
      .when(aFrame({ entry, features: aFeaturesPart() }));
    step.then({ reason: ReasonCode.NOT_ASKED, state: RegimeState.UNSPECIFIED, probabilities: [] });
    expect(step.state.symbols).toHaveLength(1);
  });

  it('closes the gate when it has failed itself', () => {
    const fault = { stage: 'regime', code: ReasonCode.STAGE_FAULT, detail: 'x' };
    expect(stage.faulted(fault)).toMatchObject({
      fault,
      reason: ReasonCode.STAGE_FAULT,
      state: RegimeState.UNKNOWN,
      gate_open: false,
    });
  });
});
