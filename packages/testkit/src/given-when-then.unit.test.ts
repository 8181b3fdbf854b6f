import { describe, expect, it } from '@jest/globals';
import { ReasonCode, type Fault, type ForecastPart, type Frame } from '@bellwether/contracts';
import type { Stage } from '@bellwether/kernel';
import { SpecificationError, aBarEntry, aForecastPart, aFrame, specify } from './index.js';

interface Seen {
  readonly ids: readonly string[];
}

/** Counts the frames it has seen in `p_final`. */
const counting: Stage<Seen, 'forecast'> = {
  name: 'forecast',
  logicVersion: 1,
  onFault: 'mark',
  initialState: () => ({ ids: [] }),
  apply: (state, frame) => {
    const ids = [...state.ids, frame.entry?.id ?? ''];
    return { state: { ids }, part: aForecastPart({ p_final: ids.length }) };
  },
  faulted: (fault: Fault): ForecastPart => aForecastPart({ fault }),
};

const broken = (apply: Stage<Seen, 'forecast'>['apply']) => () =>
  specify({ ...counting, apply })
    .given([])
    .when(aFrame());

describe('specify', () => {
  it('folds entries and frames and compares only what is listed', () => {
    const second = aBarEntry({ open_us: 1_757_946_660_000_000 });
    const step = specify(counting).given([aBarEntry(), aFrame()]).when(second);

    expect(step.then({ p_final: 3 }).state.ids).toHaveLength(3);
    expect(step.part.reason).toBe(ReasonCode.NO_MODEL);
  });

  it('gives entries the next place in the book', () => {
    const seqs: Stage<Seen, 'forecast'> = {
      ...counting,
      apply: (state, frame) => ({ state, part: aForecastPart({ p_final: frame.seq }) }),
    };
    specify(seqs).given([aBarEntry(), aBarEntry()]).when(aBarEntry()).then({ p_final: 3 });
  });

  it('refuses a listed field that differs, and names it', () => {
    const step = specify(counting).given([]).when(aFrame());
    expect(() => step.then({ p_final: 2 })).toThrow(
      new SpecificationError('part.p_final: Expected 2, was 1'),
    );
    expect(() => step.then({ fault: { detail: 'x' } })).toThrow(SpecificationError);
  });

  it('refuses a stage that changes its state', () => {
    const mutating = broken((state) => {
      (state.ids as string[]).push('x');
      return { state, part: aForecastPart() };
    });
    expect(mutating).toThrow(TypeError);
  });

  it('refuses a stage that changes its frame', () => {
    const mutating = broken((state, frame) => {
      (frame as { seq: Frame['seq'] }).seq = 9;
      return { state, part: aForecastPart() };
    });
    expect(mutating).toThrow(TypeError);
  });

  it('refuses a stage that changes a typed array of its state', () => {
    const stage: Stage<{ readonly sums: Float64Array }, 'forecast'> = {
      name: 'forecast',
      logicVersion: 1,
      onFault: 'mark',
      faulted: (fault) => aForecastPart({ fault }),
      initialState: () => ({ sums: new Float64Array(2) }),
      apply: (state) => {
        state.sums[0] = 1;
        return { state, part: aForecastPart() };
      },
    };
    expect(() => specify(stage).given([]).when(aFrame())).toThrow('given state.sums');
  });

  it('refuses a stage that answers otherwise when asked again', () => {
    let calls = 0;
    const moody = broken((state) => ({ state, part: aForecastPart({ p_final: ++calls }) }));
    expect(moody).toThrow('part when asked again.p_final');
  });

  it.each([
    ['NaN', { ids: [], sum: Number.NaN }, 'state.sum: NaN'],
    ['a function', { ids: [], sum: () => 1 }, 'state.sum: A function'],
    ['a Map', { ids: [], sum: new Map() }, 'state.sum: An instance of a class'],
  ])('refuses a state with %s', (_name, state, message) => {
    expect(broken(() => ({ state, part: aForecastPart() }))).toThrow(message);
  });

  it('refuses a part without canonical bytes', () => {
    const bad = broken((state) => ({ state, part: aForecastPart({ p_final: Number.NaN }) }));
    expect(bad).toThrow('ForecastPart.p_final');
  });
});
