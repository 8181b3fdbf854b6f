import { describe, expect, it } from '@jest/globals';
import { ReasonCode, type CallerForecast } from '@bellwether/contracts';
import { aBarEntry, aFillEntry, aReleaseEntry, aSignalEntry, specify } from '@bellwether/testkit';
import { stage } from './index.js';

const EMPTY = { p_cloud: null, p_online: null, p_final: null, caller_model_id: null, fault: null };
const CLOUD: CallerForecast = { p: 0.61, source_model_id: 'lstm-7', latency_ms: 40 };

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
