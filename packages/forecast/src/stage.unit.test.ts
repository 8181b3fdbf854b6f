import { describe, expect, it } from '@jest/globals';
import { ReasonCode, type CallerForecast, type ModelsConfig } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { aBarEntry, aFillEntry, aFrame, aReleaseEntry, aSignalEntry, specify } from '@bellwether/testkit';
import { stage } from './index.js';

const EMPTY = { p_cloud: null, p_online: null, p_final: null, caller_model_id: null, fault: null };
const CLOUD: CallerForecast = { p: 0.61, source_model_id: 'lstm-7', latency_ms: 40 };

const LEARNED: ModelsConfig = {
  ...{ allow_synthetic: true, regime: true, forecast: true, online: true, confidence: true },
  ...{ regime_variants: true, calibration: true, cloud_weight: 0.7, stale_after_us: 1e15 },
  ...{ confidence_min: 0, forecast_min: 0, fixed_size: false },
  ...{ regime_shadow: false, forecast_shadow: false, confidence_shadow: false, sizing_shadow: false },
};

/** A signal behind a bar at which our own network said 0.5 and the online half 0.4. */
function signalled(config: Partial<ModelsConfig>, cloud: CallerForecast | null): unknown {
  const entry = aSignalEntry({ cloud });
  const bar = present(aBarEntry().bar, 'a bar');
  const state = {
    ...stage.initialState(),
    rules: { config: { ...LEARNED, ...config }, learned: true, degraded: false },
    told: [
      {
        symbol: present(entry.signal, 'a signal').symbol,
        ...{ close_us: entry.event_us, interval_us: bar.interval_us, p_online: 0.4 },
        said: { p_cloud: 0.5, expected_move_ticks: 3, reason: ReasonCode.OK },
      },
    ],
  };
  return stage.apply(state, aFrame({ entry }), []).part;
}

describe('forecast without evidence', () => {
  it('is told and decides nothing', () => {
    const both = { p_cloud: 0.5, p_online: 0.4 };
    expect(signalled({}, null)).toMatchObject({
      ...both,
      ...{ p_final: expect.closeTo(0.47, 9), reason: ReasonCode.OK },
    });
    const silent = { ...both, p_final: null, reason: ReasonCode.MODEL_IN_SHADOW };
    expect(signalled({ forecast_shadow: true }, null)).toMatchObject(silent);
  });

  it('leaves the forecast of a caller as it is', () => {
    expect(signalled({}, CLOUD)).toMatchObject({
      ...{ p_cloud: 0.61, p_online: 0.4, p_final: expect.closeTo(0.547, 9) },
    });
    expect(signalled({ forecast_shadow: true }, CLOUD)).toMatchObject({
      ...{ p_cloud: 0.61, p_online: null, p_final: 0.61, reason: ReasonCode.CALLER_FORECAST },
    });
  });
});

describe('forecast', () => {
  it.each([
    ['a bar', aBarEntry(), ReasonCode.NO_MODEL],
    ['a signal without a forecast', aSignalEntry(), ReasonCode.NO_MODEL],
    ['a fill', aFillEntry(), ReasonCode.NOT_ASKED],
    ['a release', aReleaseEntry(), ReasonCode.NOT_ASKED],
  ])('has no number for %s', (_name, entry, reason) => {
    specify(stage)
      .given([])
      .when(entry)
      .then({ ...EMPTY, reason });
  });

  it('takes the forecast of the caller and says whose it is', () => {
    specify(stage)
      .given([])
      .when(aSignalEntry({ cloud: CLOUD }))
      .then({
        reason: ReasonCode.CALLER_FORECAST,
        p_cloud: 0.61,
        p_online: null,
        p_final: 0.61,
        caller_model_id: 'lstm-7',
      });
  });

  it.each([0, 1])('takes a certain %d', (p) => {
    specify(stage)
      .given([])
      .when(aSignalEntry({ cloud: { ...CLOUD, p } }))
      .then({ p_final: p });
  });

  it.each([
    ['below 0', { ...CLOUD, p: -0.01 }],
    ['above 1', { ...CLOUD, p: 1.01 }],
    ['of no named model', { ...CLOUD, source_model_id: '' }],
  ])('counts a forecast %s as missing', (_name, cloud) => {
    specify(stage)
      .given([])
      .when(aSignalEntry({ cloud }))
      .then({ ...EMPTY, reason: ReasonCode.NO_MODEL });
  });

  it('does not keep a forecast for the next signal', () => {
    specify(stage)
      .given([aSignalEntry({ cloud: CLOUD })])
      .when(aSignalEntry({ signal_id: 'signal-2' }))
      .then({ ...EMPTY, reason: ReasonCode.NO_MODEL });
  });

  it('has no number when it has failed', () => {
    const fault = { stage: 'forecast', code: ReasonCode.STAGE_FAULT, detail: 'x' };
    expect(stage.faulted(fault)).toMatchObject({ ...EMPTY, fault, reason: ReasonCode.STAGE_FAULT });
  });
});
