import { EntryKind, type Fault, type Frame } from '@bellwether/contracts';
import { stage as forecast, type ForecastStageState } from '@bellwether/forecast';
import {
  present,
  type AnyStage,
  type InferenceOutput,
  type InferenceRequest,
  type Stage,
} from '@bellwether/kernel';
import { LINE } from '@bellwether/line';

/** The model that the simulated forecast asks. */
export const MODEL = 'sim-p-up';

interface AskingState {
  readonly inner: ForecastStageState;
  readonly answers: number;
  readonly sum: number;
}

/**
 * The real forecast stage, and beside it a model that it asks at each bar and signal; the mean of all answers so far is
 * its `p_online`. The model answers differently each time, so a replay that asked again instead of taking the recorded
 * answers, or a state that saw an answer which was never stored, gives other bytes.
 */
export const askingForecast: Stage<AskingState, 'forecast'> = {
  name: 'forecast',
  logicVersion: forecast.logicVersion,
  onFault: 'mark',
  initialState: () => ({ inner: forecast.initialState(), answers: 0, sum: 0 }),
  prepare: (state, frame) => questionsOf(state, frame),
  apply: (state, frame, outputs) => {
    const { state: inner, part } = forecast.apply(state.inner, frame, []);
    const answer = answerOf(outputs);
    if (answer === null) return { state: { ...state, inner }, part };
    const next = { inner, answers: state.answers + 1, sum: state.sum + answer };
    return { state: next, part: { ...part, p_online: next.sum / next.answers } };
  },
  faulted: (fault: Fault) => forecast.faulted(fault),
};

function questionsOf(state: AskingState, frame: Frame): readonly InferenceRequest[] {
  const { kind } = present(frame.entry, 'the entry of a frame');
  if (kind !== EntryKind.BAR && kind !== EntryKind.SIGNAL) return [];
  return [
    {
      model: MODEL,
      version: '1',
      sha256: MODEL,
      inputs: Float32Array.of(frame.features?.last_close_ticks ?? 0, state.answers),
    },
  ];
}

function answerOf(outputs: readonly InferenceOutput[]): number | null {
  return outputs[0]?.outputs[0] ?? null;
}

/** The line with a forecast that asks a model. */
export const ASKING_LINE: readonly AnyStage[] = LINE.map((stage) =>
  stage.name === 'forecast' ? askingForecast : stage,
);
