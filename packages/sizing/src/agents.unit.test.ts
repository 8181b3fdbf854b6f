/**
 * Goal: the sizing agents make sizes where they have a place and may be asked, and nothing else. Method: the stage in given, when,
 * then, with promotions as entries and answers given by hand.
 */
import { describe, expect, it } from '@jest/globals';
import {
  CalibrationMethod,
  DataOrigin,
  EntryKind,
  Policy,
  PromotionCause,
  ReasonCode,
  RegimeState,
  type BookConfig,
  type Entry,
  type Frame,
  type ModelPromotion,
  type ModelsConfig,
  type PortfolioPart,
} from '@bellwether/contracts';
import type { InferenceOutput } from '@bellwether/kernel';
import { SIZING_SCHEMA_SHA256 } from '@bellwether/model-slots';
import {
  A_TRADE_DATE,
  aBanditPart,
  aBookConfig,
  aCandidate,
  aClockEntry,
  aFrame,
  aPortfolioPart,
  aRegimePart,
  aReleaseEntry,
  aSetup,
  anAccount,
  atMinute,
  specify,
} from '@bellwether/testkit';
import { AGENTS } from './agents.js';
import { stage } from './stage.js';

const MODELS: ModelsConfig = {
  ...{ allow_synthetic: true, regime: true, forecast: true, online: true, confidence: true },
  ...{ regime_variants: true, calibration: true, cloud_weight: 0.7, stale_after_us: 86_400_000_000 },
  ...{ confidence_min: 0, forecast_min: 0, fixed_size: false },
  ...{ regime_shadow: false, forecast_shadow: false, confidence_shadow: false, sizing_shadow: false },
};

/** A base of ten contracts, at 177.80 a contract. */
const learned = (models: Partial<ModelsConfig> = {}, config: Partial<BookConfig> = {}): Entry =>
  aReleaseEntry(
    aBookConfig({
      ...{ risk_per_trade_cents: 180_000, policy: Policy.LEARNED, models: { ...MODELS, ...models } },
      ...config,
    }),
  );

function promotion(model: string, changes: Partial<ModelPromotion> = {}): Entry {
  return {
    ...aClockEntry(),
    ...{ kind: EntryKind.MODEL, clock: null },
    model: {
      ...{ model, regime: RegimeState.UNSPECIFIED, version: '1', sha256: model },
      ...{ schema_hash: SIZING_SCHEMA_SHA256, inputs: 12, outputs: 1, trained_on_synthetic: false },
      ...{ calibration: CalibrationMethod.IDENTITY, calibration_parameters: [] },
      ...{ trained_until_us: atMinute(0), cause: PromotionCause.PROMOTED, note: '' },
      ...changes,
    },
  };
}

const SLOW: Entry = {
  ...aClockEntry(),
  ...{ kind: EntryKind.MODE, clock: null },
  mode: { degraded: true, p99_us: 150_000, decisions: 25, bound_us: 120_000, from_us: 1, to_us: 2 },
};

const gone = { version: '', sha256: '', schema_hash: '', inputs: 0, outputs: 0 };

function portfolio(pnl_cents: number, trade_date: number = A_TRADE_DATE): PortfolioPart {
  const day = { trade_date, realised_cents: pnl_cents, open_pnl_cents: 0, fees_cents: 0, pnl_cents };
  return aPortfolioPart({ day, account: anAccount({ headroom_cents: 90_000 }) });
}

function choosing(parts: Partial<Frame> = {}): Frame {
  const candidate = aCandidate({ setup: aSetup({}), confidence: 0.6 });
  return aFrame({
    bandit: aBanditPart({ candidates: [candidate], chosen: 0 }),
    regime: aRegimePart({ probabilities: [0.4, 0.3, 0.2, 0.1] }),
    portfolio: portfolio(0),
    ...parts,
  });
}

const says = (model: string, ...outputs: number[]): InferenceOutput => ({
  ...{ model, version: '1', sha256: model, outputs },
});

const [CVAR, BACKUP, ONLINE] = [
  promotion(AGENTS.cvar),
  promotion(AGENTS.backup),
  promotion(AGENTS.online),
] as const;

/** What is asked about a choice after these entries, by model. */
function asked(given: readonly (Entry | Frame)[], frame: Frame = choosing()): readonly string[] {
  let state = stage.initialState();
  for (const input of given) {
    state = stage.apply(state, 'contract_version' in input ? input : aFrame({ entry: input }), []).state;
  }
  return (stage.prepare?.(state, frame) ?? []).map(({ model }) => model);
}

describe('the sizing agents', () => {
  it('blend 70 to 30, and the part holds both halves and what they were shown', () => {
    specify(stage)
      .given([learned(), CVAR, ONLINE])
      .when(choosing(), [says(AGENTS.cvar, 1), says(AGENTS.online, 0.5)])
      .then({
        ...{ base_contracts: 10, multiplier: 0.7 * 1 + (1 - 0.7) * 0.5, proposed_contracts: 8 },
        multiplier_reason: ReasonCode.OK,
        cvar_agent: { model: AGENTS.cvar, multiplier: 1, reason: ReasonCode.OK, passed_over: null },
        online_agent: { model: AGENTS.online, multiplier: 0.5, reason: ReasonCode.OK },
        observation: { win_probability: 0.6, volatile: 0.2 + 0.1, day_r: 0, drawdown_r: 0, headroom_r: 0.5 },
      });
  });

  it('in shadow are asked and noted, and the size stays', () => {
    const shadow = learned({ sizing_shadow: true });
    expect(asked([shadow, CVAR, ONLINE])).toEqual([AGENTS.cvar, AGENTS.online]);
    specify(stage)
      .given([shadow, CVAR, ONLINE])
      .when(choosing(), [says(AGENTS.cvar, 0.5), says(AGENTS.online, 0.5)])
      .then({
        ...{ base_contracts: 10, multiplier: null, proposed_contracts: 10 },
        multiplier_reason: ReasonCode.MODEL_IN_SHADOW,
        cvar_agent: { model: AGENTS.cvar, multiplier: 0.5, reason: ReasonCode.OK },
        online_agent: { model: AGENTS.online, multiplier: 0.5, reason: ReasonCode.OK },
      });
  });

  it('are asked once for each setup: the first before its backup, and the online one', () => {
    expect(asked([learned(), CVAR, BACKUP, ONLINE])).toEqual([AGENTS.cvar, AGENTS.online]);
    expect(asked([learned(), BACKUP])).toEqual([AGENTS.backup]);
    expect(asked([learned()])).toEqual([]);
    expect(asked([learned(), CVAR], choosing({ bandit: aBanditPart({ chosen: null }) }))).toEqual([]);
  });

  it('answer a probe at the entry that promotes them, and the part says so', () => {
    const state = stage.apply(stage.initialState(), aFrame({ entry: learned() }), []).state;
    const [probe] = stage.prepare?.(state, aFrame({ entry: ONLINE })) ?? [];
    expect(probe).toMatchObject({ model: AGENTS.online, inputs: new Float32Array(12) });
    specify(stage)
      .given([learned()])
      .when(aFrame({ entry: CVAR, bandit: aBanditPart({ chosen: null }) }), [says(AGENTS.cvar, 1)])
      .then({ model_reason: ReasonCode.MODEL_TAKEN, multiplier: null });
    specify(stage)
      .given([learned(), CVAR])
      .when(promotion(AGENTS.cvar, gone))
      .then({ model_reason: ReasonCode.MODEL_LEFT });
  });

  it.each([
    ['the first alone', [CVAR], [says(AGENTS.cvar, 1.5)], 1.5, ReasonCode.CVAR_AGENT_ONLY],
    ['the online one alone', [ONLINE], [says(AGENTS.online, 1.5)], 1.5, ReasonCode.ONLINE_AGENT_ONLY],
    ['above the range', [CVAR], [says(AGENTS.cvar, 7)], 2, ReasonCode.CVAR_AGENT_ONLY],
    ['below the range', [CVAR], [says(AGENTS.cvar, -7)], 0.1, ReasonCode.CVAR_AGENT_ONLY],
    ['no number', [CVAR], [says(AGENTS.cvar, Number.NaN)], null, ReasonCode.MULTIPLIER_INVALID],
    ['two numbers', [CVAR], [says(AGENTS.cvar, 1, 1)], null, ReasonCode.MULTIPLIER_INVALID],
    [
      'no number beside one',
      [CVAR, ONLINE],
      [says(AGENTS.cvar, Number.NaN), says(AGENTS.online, 0.5)],
      0.5,
      ReasonCode.ONLINE_AGENT_ONLY,
    ],
  ] as const)('%s', (_name, promotions, outputs, multiplier, multiplier_reason) => {
    specify(stage)
      .given([learned(), ...promotions])
      .when(choosing(), outputs)
      .then({ multiplier, multiplier_reason, ...(multiplier === null ? { proposed_contracts: 10 } : {}) });
  });

  it('let the backup answer where the first is absent or refused, and say why', () => {
    const stale = promotion(AGENTS.cvar, { trained_until_us: 0 });
    for (const [given, passed_over] of [
      [[learned(), BACKUP], ReasonCode.NO_MODEL],
      [[learned(), stale, BACKUP], ReasonCode.MODEL_STALE],
    ] as const) {
      specify(stage)
        .given(given)
        .when(choosing(), [says(AGENTS.backup, 0.5)])
        .then({
          ...{ multiplier: 0.5, proposed_contracts: 5, multiplier_reason: ReasonCode.CVAR_AGENT_ONLY },
          cvar_agent: { model: AGENTS.backup, reason: ReasonCode.BACKUP_AGENT, passed_over },
        });
    }
  });

  it.each([
    ['a stale one', { trained_until_us: 0 }, {}, ReasonCode.MODEL_STALE],
    ['one for other numbers', { schema_hash: 'f'.repeat(64) }, {}, ReasonCode.MODEL_SCHEMA],
    [
      'one of made-up data on market data',
      { trained_on_synthetic: true },
      { allow_synthetic: false },
      ReasonCode.TRAINED_ON_SYNTHETIC,
    ],
  ])('are not asked where refused: %s', (_name, changes, models, reason) => {
    const given = [learned(models), promotion(AGENTS.cvar, changes)];
    const frame = choosing({ origin: DataOrigin.MARKET });
    expect(asked(given, frame)).toEqual([]);
    specify(stage)
      .given(given)
      .when(frame)
      .then({
        ...{ multiplier: null, multiplier_reason: reason, proposed_contracts: 10 },
        cvar_agent: { model: '', multiplier: null, reason },
        online_agent: { reason: ReasonCode.NO_MODEL },
      });
  });

  it.each([
    ['under rules', learned({}, { policy: Policy.RULES }), []],
    ['where the book keeps its sizes', learned({ fixed_size: true }), []],
    ['while the book is slow', learned(), [SLOW]],
  ] as const)('are not asked %s', (_name, release, more) => {
    expect(asked([release, CVAR, ...more])).toEqual([]);
    specify(stage)
      .given([release, CVAR, ...more])
      .when(choosing())
      .then({
        multiplier: null,
        multiplier_reason: ReasonCode.NO_MODEL,
        observation: null,
        cvar_agent: null,
      });
  });
});

describe('what they are shown', () => {
  const after = (given: readonly Frame[], frame: Frame) =>
    specify(stage)
      .given([learned(), CVAR, ...given])
      .when(frame, [says(AGENTS.cvar, 1)]);

  it('counts the fall from the highest of the session, and begins anew with the next', () => {
    const high = aFrame({ portfolio: portfolio(90_000) });
    after([high], choosing({ portfolio: portfolio(-90_000) })).then({
      observation: { day_r: -0.5, drawdown_r: 1 },
    });
    after([high], choosing({ portfolio: portfolio(-90_000, 20_250_916) })).then({
      observation: { drawdown_r: 0.5 },
    });
  });

  it('is missing where it is missing, and never a number', () => {
    const bandit = aBanditPart({
      candidates: [aCandidate({ setup: aSetup({}), confidence: null })],
      chosen: 0,
    });
    after([], choosing({ bandit, regime: aRegimePart({ probabilities: [] }), portfolio: null })).then({
      observation: {
        ...{ win_probability: null, volatile: null, day_r: null, drawdown_r: null },
        ...{ headroom_r: null, session_left: null },
      },
    });
  });

  it('has no high where a snapshot of before it begins within a session', () => {
    const release = learned();
    let state = stage.apply({ config: null, degraded: false }, aFrame({ entry: release }), []).state;
    for (const entry of [CVAR]) state = stage.apply(state, aFrame({ entry }), []).state;
    state = stage.apply(state, aFrame({ portfolio: portfolio(10) }), []).state;
    const { part } = stage.apply(state, choosing({ portfolio: portfolio(0) }), [says(AGENTS.cvar, 1)]);
    expect(part.observation).toMatchObject({ day_r: 0, drawdown_r: null });
    const next = choosing({ portfolio: portfolio(-180_000, 20_250_916) });
    expect(stage.apply(state, next, [says(AGENTS.cvar, 1)]).part.observation?.drawdown_r).toBe(1);
  });
});
