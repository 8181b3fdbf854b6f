import { describe, expect, it } from '@jest/globals';
import { ReasonCode, encodeFrame, type ForecastPart, type Frame } from '@bellwether/contracts';
import type { AnyStage, InferenceOutput, Stage } from '@bellwether/kernel';
import { askedFrame, forecastStage, regimeStage } from './fake-stages.js';
import { StageDown, StageUnit, noModels, type Infer } from './stage-unit.js';

const MODEL: InferenceOutput = { model: 'm', version: '1', sha256: 'ab', outputs: [0.25] };

function modelStage(): Stage<number, 'forecast'> {
  return {
    ...forecastStage(),
    prepare: () => [{ model: 'm', version: '1', sha256: 'aa', inputs: new Float32Array([1]) }],
    apply: (state, _frame, outputs) => ({
      state: state + 1,
      part: { ...forecastPart(), p_cloud: outputs[0]?.outputs[0] ?? null },
    }),
  };
}

function forecastPart(): ForecastPart {
  return forecastStage().apply(0, askedFrame(1), []).part;
}

const throwing = (onFault: 'mark' | 'stop'): AnyStage => ({
  ...regimeStage(),
  onFault,
  apply: () => {
    throw new Error('broken on purpose');
  },
});

describe('StageUnit', () => {
  it('runs stages in order without a promise where no model is asked', () => {
    const unit = new StageUnit([regimeStage(), forecastStage()], noModels);
    const step = unit.step(unit.initialStates(), askedFrame(1), null);
    expect(step).not.toBeInstanceOf(Promise);
    const { frame, states } = step as Exclude<typeof step, Promise<unknown>>;
    expect(states).toEqual([1, 1]);
    expect(frame.regime).not.toBeNull();
    expect(frame.forecast).not.toBeNull();
  });

  it('turns an exception into a fault in the part, keeps the state and lets the frame go on', async () => {
    const unit = new StageUnit([throwing('mark'), forecastStage()], noModels);
    const { frame, states, faults } = await unit.step(unit.initialStates(), askedFrame(1), null);
    expect(frame.regime?.fault).toEqual({
      stage: 'regime',
      code: ReasonCode.STAGE_FAULT,
      detail: 'broken on purpose',
    });
    expect(frame.regime?.gate_open).toBe(false);
    expect(states).toEqual([0, 1]);
    expect(faults).toEqual(['regime']);
    expect(frame.forecast?.fault).toBeNull();
  });

  it('turns a part that cannot be written into a fault too', async () => {
    const broken: AnyStage = {
      ...forecastStage(),
      apply: () => ({ state: 9, part: { ...forecastPart(), p_cloud: Number.NaN } }),
    };
    const unit = new StageUnit([broken], noModels);
    const { frame, states } = await unit.step(unit.initialStates(), askedFrame(1), null);
    expect(frame.forecast?.fault?.detail).toContain('ForecastPart.p_cloud: Expected a finite number');
    expect(states).toEqual([0]);
  });

  it('cuts the text of a fault so that it can be written', async () => {
    const wordy: AnyStage = {
      ...regimeStage(),
      apply: () => {
        throw new Error(`${'x'.repeat(199)}\u{1f600}`);
      },
    };
    const unit = new StageUnit([wordy], noModels);
    const { frame } = await unit.step(unit.initialStates(), askedFrame(1), null);
    expect(() => encodeFrame(frame)).not.toThrow();
    expect(frame.regime?.fault?.detail).toHaveLength(200);
  });

  it('stops the book where a stage may not fail', () => {
    const unit = new StageUnit([throwing('stop')], noModels);
    expect(() => unit.step(unit.initialStates(), askedFrame(7), null)).toThrow(StageDown);
  });

  it('writes model outputs into the frame and takes them from a recorded frame instead of asking again', async () => {
    let asked = 0;
    const infer: Infer = () => {
      asked += 1;
      return Promise.resolve([MODEL]);
    };
    const unit = new StageUnit([modelStage()], infer);
    const live = await unit.step(unit.initialStates(), askedFrame(1), null);
    expect(live.frame.inferences).toEqual([{ stage: 'forecast', ...MODEL }]);
    expect(live.frame.forecast?.p_cloud).toBe(0.25);

    const other = new StageUnit([modelStage()], () => Promise.reject(new Error('must not be asked')));
    const replayed = await other.step(other.initialStates(), askedFrame(1), live.frame);
    expect(replayed.frame).toEqual(live.frame);
    expect(asked).toBe(1);
  });

  it('marks a fault when a model fails, and replays that fault without asking', async () => {
    const unit = new StageUnit([modelStage()], () => Promise.reject(new Error('slow')));
    const failed = await unit.step(unit.initialStates(), askedFrame(1), null);
    expect(failed.frame.forecast?.fault?.detail).toBe('slow');

    const healthy = new StageUnit([modelStage()], () => Promise.resolve([MODEL]));
    const replayed = await healthy.step(healthy.initialStates(), askedFrame(1), failed.frame);
    expect(replayed.frame).toEqual(failed.frame);
    expect(replayed.states).toEqual([0]);
  });

  it('leaves the frame it was given untouched', async () => {
    const frame: Frame = Object.freeze(askedFrame(1));
    const unit = new StageUnit([regimeStage()], noModels);
    await unit.step(unit.initialStates(), frame, null);
    expect(frame.regime).toBeNull();
  });
});
