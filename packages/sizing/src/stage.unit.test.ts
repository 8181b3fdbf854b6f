import { describe, expect, it } from '@jest/globals';
import { ReasonCode, Side, type BanditPart, type BookConfig, type Setup } from '@bellwether/contracts';
import {
  aBanditPart,
  aBookConfig,
  aCandidate,
  aFrame,
  aReleaseEntry,
  aSetup,
  specify,
} from '@bellwether/testkit';
import { MULTIPLIER_MAX, MULTIPLIER_MIN } from '@bellwether/model-slots';
import { applyMultiplier, baseContracts, stage } from './index.js';

const NOTHING = {
  proposed_contracts: 0,
  base_contracts: null,
  stop_distance_ticks: null,
  risk_per_contract_cents: null,
  multiplier: null,
};

const released = (config: Partial<BookConfig> = {}) =>
  aReleaseEntry(aBookConfig({ risk_per_trade_cents: 40_000, ...config }));

function choosing(setup: Partial<Setup>) {
  return aFrame({ bandit: aBanditPart({ candidates: [aCandidate({ setup: aSetup(setup) })], chosen: 0 }) });
}

const whenBandit = (bandit: BanditPart | null) => specify(stage).given([released()]).when(aFrame({ bandit }));

describe('sizing', () => {
  it('takes as many contracts as lose at most the budget at the stop, costs included', () => {
    // 12 ticks x 12.50 + 2 x (1.40 + 12.50) = 177.80; 400 / 177.80 = 2.2.
    specify(stage).given([released()]).when(choosing({})).then({
      reason: ReasonCode.OK,
      fault: null,
      proposed_contracts: 2,
      base_contracts: 2,
      stop_distance_ticks: 12,
      risk_per_contract_cents: 17_780,
      multiplier: null,
      multiplier_reason: ReasonCode.NO_MODEL,
    });
  });

  it('uses tick value, fee and slippage of the symbol', () => {
    // 12 x 5.00 + 2 x (1.40 + 2 x 5.00) = 82.80
    specify(stage)
      .given([released()])
      .when(choosing({ symbol: 'NQ' }))
      .then({ risk_per_contract_cents: 8_280, base_contracts: 4 });
  });

  it('measures a short stop upwards', () => {
    specify(stage)
      .given([released()])
      .when(choosing({ side: Side.SHORT, stop_ticks: 26_414 }))
      .then({ stop_distance_ticks: 12, proposed_contracts: 2 });
  });

  it('fills the budget to the cent, and not a cent more', () => {
    const budget = (risk_per_trade_cents: number) =>
      specify(stage)
        .given([released({ risk_per_trade_cents })])
        .when(choosing({}));
    budget(35_560).then({ proposed_contracts: 2 });
    budget(35_559).then({ proposed_contracts: 1 });
  });

  it.each([
    [1, 6],
    [0.7, 4],
    [0.5, 3],
  ])('scales the budget by the size factor %d of the regime', (size_factor, proposed_contracts) => {
    specify(stage)
      .given([released({ risk_per_trade_cents: 6 * 17_780 })])
      .when(choosing({ size_factor }))
      .then({ base_contracts: proposed_contracts, proposed_contracts });
  });

  it('says so when the budget is too small for one contract', () => {
    specify(stage)
      .given([released({ risk_per_trade_cents: 17_779 })])
      .when(choosing({}))
      .then({
        reason: ReasonCode.RISK_BUDGET_TOO_SMALL,
        proposed_contracts: 0,
        base_contracts: 0,
        risk_per_contract_cents: 17_780,
      });
  });

  it('keeps one contract where the scaled budget still pays for it', () => {
    specify(stage)
      .given([released({ risk_per_trade_cents: 25_400 })])
      .when(choosing({ size_factor: 0.7 }))
      .then({ reason: ReasonCode.OK, proposed_contracts: 1 });
  });

  it('says so when the size factor leaves less than one contract', () => {
    specify(stage)
      .given([released({ risk_per_trade_cents: 17_780 })])
      .when(choosing({ size_factor: 0.5 }))
      .then({ reason: ReasonCode.SIZE_FACTOR_TOO_SMALL, proposed_contracts: 0, base_contracts: 0 });
  });

  it('goes by the latest release', () => {
    specify(stage)
      .given([released(), aReleaseEntry(aBookConfig({ risk_per_trade_cents: 90_000 }), { number: 2 })])
      .when(choosing({}))
      .then({ proposed_contracts: 5 });
  });
});

describe('sizing without anything to size', () => {
  it('takes over the reason of the bandit', () => {
    whenBandit(aBanditPart({ reason: ReasonCode.REGIME_PENDING, candidates: [], chosen: null })).then({
      ...NOTHING,
      reason: ReasonCode.REGIME_PENDING,
      multiplier_reason: ReasonCode.REGIME_PENDING,
    });
  });

  it.each([
    ['the bandit has failed', aBanditPart({ fault: { stage: 'bandit', code: 17, detail: '' } })],
    ['there is no bandit part', null],
  ])('closes the gate when %s', (_name, bandit) => {
    whenBandit(bandit).then({ ...NOTHING, reason: ReasonCode.STAGE_FAULT, fault: null });
  });

  it.each([
    ['a choice without a candidate', aBanditPart({ chosen: 3 }), ReasonCode.NO_SETUP],
    [
      'a candidate without a setup',
      aBanditPart({ candidates: [aCandidate({ setup: null })] }),
      ReasonCode.NO_SETUP,
    ],
  ])('proposes nothing for %s', (_name, bandit, reason) => {
    whenBandit(bandit).then({ ...NOTHING, reason });
  });

  it.each([
    ['a symbol that the book does not trade', { symbol: 'MES' }, ReasonCode.UNKNOWN_SYMBOL],
    ['a symbol that is no instrument', { symbol: 'ZZ' }, ReasonCode.UNKNOWN_SYMBOL],
    ['a stop at the entry', { stop_ticks: 26_402 }, ReasonCode.STOP_MISSING],
    ['a stop on the winning side', { stop_ticks: 26_410 }, ReasonCode.STOP_MISSING],
  ])('proposes nothing for %s', (_name, setup, reason) => {
    specify(stage)
      .given([released()])
      .when(choosing(setup))
      .then({ ...NOTHING, reason });
  });

  it('waits for a release', () => {
    specify(stage)
      .given([])
      .when(choosing({}))
      .then({ ...NOTHING, reason: ReasonCode.NO_RELEASE });
  });

  it('proposes nothing when it has failed itself', () => {
    const fault = { stage: 'sizing', code: ReasonCode.STAGE_FAULT, detail: 'x' };
    expect(stage.faulted(fault)).toMatchObject({ ...NOTHING, fault, reason: ReasonCode.STAGE_FAULT });
  });
});

describe('the multiplier', () => {
  it.each([
    [5, null, 5],
    [5, 1, 5],
    [5, 0.5, 2],
    [10, 0.7, 7],
    [90, 0.7, 63],
    [5, 9, 5 * MULTIPLIER_MAX],
    [5, 0, 0],
    [20, -1, 20 * MULTIPLIER_MIN],
    [0, 2, 0],
  ])('makes of %d contracts times %d: %d', (contracts, multiplier, expected) => {
    expect(applyMultiplier(contracts, multiplier)).toBe(expected);
  });

  it('keeps a budget without bound within the message', () => {
    expect(baseContracts(Number.MAX_SAFE_INTEGER, 1)).toBe(10_000);
    expect(baseContracts(-1, 100)).toBe(0);
  });
});
