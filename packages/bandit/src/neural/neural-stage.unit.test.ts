/**
 * Goal: under `neural_linear` the trunk decides what it can, learns each reward once, and a new trunk knows what the old one
 * knew. Method: the stage with a made-up trunk that answers every question by a formula.
 */
import { describe, expect, it } from '@jest/globals';
import {
  CalibrationMethod,
  EntryKind,
  ExecutionMode,
  Policy,
  PromotionCause,
  ReasonCode,
  RegimeState,
  Selection,
  Strategy,
  type BanditConfig,
  type BookConfig,
  type ClosedTrade,
  type Entry,
  type Frame,
  type Indicators,
  type ModelsConfig,
} from '@bellwether/contracts';
import { hash32, present, type InferenceOutput, type InferenceRequest } from '@bellwether/kernel';
import {
  aBarEntry,
  aBookConfig,
  aClockEntry,
  aClosedTrade,
  aFeatureVector,
  aFeaturesPart,
  aFillEntry,
  aForecastPart,
  aFrame,
  aPortfolioPart,
  aRegimePart,
  aReleaseEntry,
  aSqueeze,
  atMinute,
  firstUnplain,
  theIndicators,
} from '@bellwether/testkit';
import { stage } from '../stage.js';
import type { BanditStageState } from '../state.js';
import { LOG_MAX, withWaiting, withClosed, NOTHING_LEARNED, type NeuralState } from './neural-state.js';
import { ROWS_PER_ENTRY, TRUNK } from './trunk.js';

const SCHEMA = '0'.repeat(64);
const QUIET = theIndicators({ atr14_m5_ticks: 20 });
/** S2 and, in Calm-Trend, S3 want to buy. */
const BOTH: Indicators = theIndicators({
  ...{ vwap_ticks: 26_408.6, vwap_z_prev: -2.1, vwap_slope15_ticks: 1, atr14_m5_ticks: 20 },
  ...{ low3_ticks: 26_380, squeeze: aSqueeze() },
});
const UP_BAR = { open_ticks: 26_385, high_ticks: 26_389, low_ticks: 26_384, close_ticks: 26_388 };

const MODELS: ModelsConfig = {
  ...{ allow_synthetic: true, regime: true, forecast: true, online: true, confidence: true },
  ...{ regime_variants: true, calibration: true, cloud_weight: 0.7, stale_after_us: 1e15 },
  ...{ confidence_min: 0, forecast_min: 0, fixed_size: false },
  ...{ regime_shadow: false, forecast_shadow: false, confidence_shadow: false, sizing_shadow: false },
};

function neural(changes: Partial<BanditConfig> = {}, config: Partial<BookConfig> = {}): Frame {
  const bandit: BanditConfig = {
    ...present(aBookConfig().bandit, 'a bandit'),
    ...{ selection: Selection.NEURAL_LINEAR, min_count: 0 },
    ...{ neural_alpha: 0.1, neural_ridge: 1, neural_kept: 0.99 },
    ...changes,
  };
  return framed(aReleaseEntry(aBookConfig({ bandit, policy: Policy.LEARNED, models: MODELS, ...config })));
}

function framed(entry: Entry, parts: Partial<Frame> = {}): Frame {
  return aFrame({
    entry,
    features: aFeaturesPart({ indicators: QUIET, last_close_ticks: 26_388 }),
    regime: aRegimePart({ state: RegimeState.CALM_TREND }),
    forecast: aForecastPart({ p_final: 0.6 }),
    portfolio: aPortfolioPart(),
    ...parts,
  });
}

function barAt(minute: number, indicators: Indicators = BOTH, schema_sha256 = SCHEMA): Frame {
  const vector = aFeatureVector({ schema_sha256 });
  const features = aFeaturesPart({
    ...{ indicators, last_close_ticks: 26_388, last_close_us: atMinute(minute + 1), vector },
  });
  return framed(aBarEntry({ ...UP_BAR, open_us: atMinute(minute) }), { seq: minute, features });
}

function promotion(sha: string): Frame {
  const gone = sha === '';
  const entry: Entry = {
    ...aClockEntry(),
    ...{ kind: EntryKind.MODEL, clock: null },
    model: {
      ...{ model: TRUNK, regime: RegimeState.UNSPECIFIED, version: gone ? '' : '1', sha256: sha },
      ...{ schema_hash: gone ? '' : SCHEMA, inputs: gone ? 0 : 86, outputs: gone ? 0 : 76 },
      ...{ trained_on_synthetic: true, calibration: CalibrationMethod.IDENTITY, calibration_parameters: [] },
      ...{ trained_until_us: atMinute(0), cause: PromotionCause.PROMOTED, note: '' },
    },
  };
  return framed(entry);
}

const closing = (closed: readonly Partial<ClosedTrade>[]): Frame =>
  framed(aFillEntry(), { portfolio: aPortfolioPart({ closed: closed.map((one) => aClosedTrade(one)) }) });

/** 64 features and 12 values: a formula of the hash of the trunk and the first inputs. */
function trunkSays({ model, version, sha256, inputs }: InferenceRequest): InferenceOutput {
  const outputs = Array.from({ length: 76 }, (_, i) => Math.sin(hash32(sha256, i) + inputs[i % 43]!));
  return { model, version, sha256, outputs };
}

interface Run {
  readonly state: BanditStageState;
  readonly frames: readonly (Frame & { readonly asked: number })[];
}

/** The frames through the stage, each question answered. */
function run(frames: readonly Frame[], from: BanditStageState = stage.initialState()): Run {
  let state = from;
  const done = frames.map((frame) => {
    const questions = stage.prepare?.(state, frame) ?? [];
    const applied = stage.apply(state, frame, questions.map(trunkSays));
    state = applied.state;
    return { ...frame, bandit: applied.part, asked: questions.length };
  });
  return { state, frames: done };
}

const last = ({ frames }: Run) => present(frames.at(-1), 'a frame');
const part = (made: Run) => present(last(made).bandit, 'a part');
const learned = (state: BanditStageState): NeuralState => present(state.neural, 'what was learned');

/** S2 lost and S3 won, so often: choices, and the ends of their trades. */
function rewarded(times: number): NeuralState {
  let state = NOTHING_LEARNED;
  for (let i = 0; i < times; i++) {
    const strategy = i % 2 === 0 ? Strategy.S2 : Strategy.S3;
    const present_value = Array.from({ length: 43 }, (_, k) => Math.sin(i + k));
    state = withWaiting(state, `old-${i}`, strategy, aFeatureVector({ present_value }));
    const net_r = strategy === Strategy.S2 ? -1 : 1.5;
    state = withClosed(state, [aClosedTrade({ decision_id: `old-${i}`, strategy, net_r })]);
  }
  return state;
}

const START = [neural(), barAt(989, QUIET)];
const knowing = (times: number): BanditStageState => ({
  ...run(START).state,
  neural: rewarded(times),
});

describe('the trunk of the bandit', () => {
  it('is LinUCB, with the reason, as long as there is none', () => {
    const made = run([...START, barAt(990)]);
    expect(part(made)).toMatchObject({ reason: ReasonCode.OK, selection_reason: ReasonCode.NO_MODEL });
    const linear = run([neural({ selection: Selection.LINUCB }), barAt(989, QUIET), barAt(990)]);
    expect(part(made).candidates).toEqual(part(linear).candidates);
    expect(part(linear).selection_reason).toBeNull();
  });

  it('is asked when it takes its place, and before each choice', () => {
    const made = run([...START, promotion('a'.repeat(64)), barAt(990)]);
    expect(made.frames.map(({ asked }) => asked)).toEqual([0, 0, 1, 1]);
    expect(made.frames[2]?.bandit?.selection_reason).toBe(ReasonCode.MODEL_TAKEN);
    expect(part(made).selection_reason).toBeNull();
    const scores = part(made).candidates.map(({ ucb }) => ucb);
    // The prior alone: alpha times the length of the features and 1.
    expect(scores[0]).toBeGreaterThan(0.1);
    expect(scores[1]).toBe(scores[0]);
  });

  it('learns what an arm earned, and chooses otherwise than without it', () => {
    const from = knowing(ROWS_PER_ENTRY);
    const asked = run([promotion('a'.repeat(64)), barAt(990)], from);
    expect(last(asked).asked).toBe(ROWS_PER_ENTRY + 1);
    const chances = (made: Run) =>
      part(made).candidates.map(({ setup, probability }) => [setup?.strategy, probability]);
    expect(chances(asked)).toEqual([
      [Strategy.S2, 0.05],
      [Strategy.S3, 0.95],
    ]);
    expect(chances(run([barAt(990)], from))).not.toEqual(chances(asked));
  });

  it('takes a closed trade at its own entry', () => {
    const chosen = run([...START, promotion('a'.repeat(64)), barAt(990)]);
    const strategy = present(part(chosen).candidates[part(chosen).chosen ?? 0]?.setup, 'a setup').strategy;
    const end = { decision_id: 'paper-es-990', strategy, net_r: 1 };
    const made = run([closing([end])], chosen.state);
    expect(last(made).asked).toBe(1);
    const { trunk, logged, waiting } = learned(made.state);
    expect(trunk).toMatchObject({ taken: 1, rewards: 1, arms: [{ strategy, at: 1 }] });
    expect([logged, waiting]).toEqual([1, []]);
    expect(trunk?.arms[0]?.posterior.count).toBe(1);
    expect(firstUnplain(made.state)).toBeNull();
  });

  it('counts no trade twice, told again or corrected', () => {
    const chosen = run([...START, promotion('a'.repeat(64)), barAt(990)]);
    const end = { decision_id: 'paper-es-990', strategy: Strategy.S2, net_r: 1 };
    const once = run([closing([end])], chosen.state);
    const again = run([closing([end]), closing([{ ...end, net_r: -2 }])], once.state);
    expect(learned(again.state)).toEqual(learned(once.state));
  });

  it('learns from a late fill, though another choice was made in the symbol meanwhile', () => {
    const first = run([...START, promotion('a'.repeat(64)), barAt(990), barAt(992)]);
    expect(learned(first.state).waiting.map(({ decision_id }) => decision_id)).toEqual([
      'paper-es-990',
      'paper-es-992',
    ]);
    const late = run([closing([{ decision_id: 'paper-es-990', net_r: 1 }])], first.state);
    expect(learned(late.state)).toMatchObject({ logged: 1, waiting: [{ decision_id: 'paper-es-992' }] });
  });
});

describe('a new trunk', () => {
  const ROWS = 3 * ROWS_PER_ENTRY - 1;

  it('is told what was learned, some rows an entry; LinUCB chooses until it knows all', () => {
    const from = run([promotion('a'.repeat(64)), barAt(990)], knowing(ROWS));
    expect(part(from).selection_reason).toBe(ReasonCode.TRUNK_REBUILDING);
    const minutes = [991, 992, 993].map((minute) => barAt(minute));
    const made = run(minutes, from.state);
    expect(made.frames.map(({ asked }) => asked)).toEqual([ROWS_PER_ENTRY + 1, ROWS_PER_ENTRY, 1]);
    expect(made.frames.map(({ bandit }) => bandit?.selection_reason)).toEqual([
      ReasonCode.TRUNK_REBUILDING,
      null,
      null,
    ]);
    expect(learned(made.state).trunk).toMatchObject({ taken: ROWS, rewards: ROWS });
  });

  it('knows the same as if it had been there from the first trade', () => {
    const clocks = [1, 2, 3].map((minute) => framed(aClockEntry({ boundary_us: atMinute(minute) })));
    const [old, next] = ['a'.repeat(64), 'b'.repeat(64)];
    const always = run([promotion(next), ...clocks], knowing(ROWS));
    const changed = run([promotion(old), ...clocks, promotion(next), ...clocks], knowing(ROWS));
    expect(learned(always.state).trunk?.taken).toBe(ROWS);
    expect(learned(changed.state)).toEqual(learned(always.state));
    const { trunk } = learned(run([promotion(old), ...clocks], knowing(ROWS)).state);
    expect(learned(changed.state).trunk).not.toEqual(trunk);
  });

  it('begins anew where the release changes what is forgotten', () => {
    const clock = framed(aClockEntry());
    const before = run([promotion('a'.repeat(64)), clock], knowing(4));
    const after = run([neural({ neural_kept: 0.9 }), clock], before.state);
    expect(learned(after.state).trunk).toMatchObject({ kept: 0.9, rewards: 4 });
    expect(learned(after.state).trunk?.arms).not.toEqual(learned(before.state).trunk?.arms);
  });

  it('is not asked about rows of other features', () => {
    const other = withWaiting(
      rewarded(2),
      'x',
      Strategy.S2,
      aFeatureVector({ schema_sha256: 'f'.repeat(64) }),
    );
    const state = { ...knowing(0), neural: withClosed(other, [aClosedTrade({ decision_id: 'x' })]) };
    const made = run([promotion('a'.repeat(64)), framed(aClockEntry()), framed(aClockEntry())], state);
    expect(made.frames.map(({ asked }) => asked)).toEqual([1, 2, 0]);
    expect(learned(made.state).trunk).toMatchObject({ taken: 3, rewards: 2 });
  });

  it('has a log of bounded length', () => {
    const { log, logged } = rewarded(LOG_MAX + 3);
    expect([log.length, logged]).toEqual([LOG_MAX, LOG_MAX + 3]);
    const clocks = Array.from({ length: LOG_MAX / ROWS_PER_ENTRY }, () => framed(aClockEntry()));
    const made = run([promotion('a'.repeat(64)), ...clocks], {
      ...knowing(0),
      neural: rewarded(LOG_MAX + 3),
    });
    expect(learned(made.state).trunk).toMatchObject({ taken: LOG_MAX + 3, rewards: LOG_MAX });
  });
});

describe('where the trunk does not decide', () => {
  const AT_990 = [promotion('a'.repeat(64)), barAt(990)];

  it.each([
    ['its policy is rules', neural({}, { policy: Policy.RULES }), ReasonCode.RULES_DECIDE],
    ['other features', neural(), ReasonCode.MODEL_SCHEMA],
  ])('LinUCB chooses and the frame says why: %s', (_name, release, reason) => {
    const bar = reason === ReasonCode.MODEL_SCHEMA ? barAt(990, BOTH, 'f'.repeat(64)) : barAt(990);
    const made = run([release, barAt(989, QUIET), promotion('a'.repeat(64)), bar]);
    expect(part(made)).toMatchObject({ reason: ReasonCode.OK, selection_reason: reason });
    expect(last(made).asked).toBe(0);
  });

  it('says so when the model leaves its place', () => {
    const made = run([...START, ...AT_990.slice(0, 1), promotion('')]);
    expect(part(made).selection_reason).toBe(ReasonCode.MODEL_LEFT);
    expect(part(run([barAt(990)], made.state)).selection_reason).toBe(ReasonCode.NO_MODEL);
  });

  it('asks nobody under another selection, and still keeps what it would learn', () => {
    const made = run([neural({ selection: Selection.UCB1 }), barAt(989, QUIET), ...AT_990]);
    expect(made.frames.map(({ asked }) => asked)).toEqual([0, 0, 1, 0]);
    expect(part(made).selection_reason).toBeNull();
    expect(learned(made.state)).toMatchObject({ trunk: null, waiting: [{ decision_id: 'paper-es-990' }] });
  });

  it('goes on from a snapshot of before there were trunks', () => {
    const { neural: _neural, trunks: _trunks, ...older } = run(START).state;
    expect(run(AT_990, older)).toEqual(run(AT_990, run(START).state));
  });

  it('tries every arm first on paper, and only there', () => {
    const scores = (execution: ExecutionMode) => {
      const made = run([neural({ min_count: 5 }, { execution }), barAt(989, QUIET), ...AT_990]);
      return part(made).candidates.map(({ ucb }) => ucb === null);
    };
    expect(scores(ExecutionMode.PAPER)).toEqual([true, true]);
    expect(scores(ExecutionMode.EXTERNAL)).toEqual([false, false]);
  });
});
