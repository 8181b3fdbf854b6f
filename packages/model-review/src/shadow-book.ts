import { DataOrigin, ReasonCode, type Frame } from '@bellwether/contracts';
import { decisionId, type InferenceOutput, type InferenceRequest } from '@bellwether/kernel';
import { confidenceInputs, type ModelInUse } from '@bellwether/model-slots';
import {
  baseRate,
  enteredSetup,
  keyOfBar,
  newOutcomeBook,
  outcomesAfter,
  takenBar,
  type OutcomeBook,
} from './outcomes.js';
import { probabilitiesOf } from './probabilities.js';
import {
  addAnswer,
  addFailure,
  addOpen,
  addRefusal,
  joinOutcome,
  newRecord,
  type ModelRecord,
} from './records.js';
import {
  initialStates,
  isReviewed,
  isSameModel,
  shadowStep,
  type Posed,
  type ShadowStates,
} from './shadow-line.js';

/** Everything that is known of a book's challengers and champions after a frame. Plain data, changed in place. */
export interface ShadowState {
  seq: number;
  /** Whether the newest frame is of synthetic data. */
  synthetic: boolean;
  states: ShadowStates;
  readonly outcomes: OutcomeBook;
  records: ModelRecord[];
}

/** Models whose record is kept; that of the one that was asked longest ago goes first. */
const RECORDS_MAX = 24;

export const newShadowState = (): ShadowState => ({
  ...{ seq: 0, synthetic: false, states: initialStates(), outcomes: newOutcomeBook(), records: [] },
});

/** An answer to the questions of one challenger about one frame. */
export type ShadowAnswer =
  | { readonly outputs: readonly InferenceOutput[]; readonly latencyMs: number | null }
  /** It could not answer with numbers. */
  | { readonly failed: true };

/** Asks a challenger. Never throws. */
export type AskChallenger = (requests: readonly InferenceRequest[]) => Promise<ShadowAnswer>;

/** What one challenger said of one frame. */
export interface ShadowSaid {
  readonly posed: Posed;
  /** OK, or why there is no answer. */
  readonly reason: ReasonCode;
  readonly outputs: readonly number[];
  readonly probabilities: readonly number[];
  readonly decided: readonly number[];
}

/**
 * Takes a book's next finished frame: joins what it makes known, asks the challengers what their stages would ask them, and
 * keeps their answers beside those that decided. The frame is not changed, and nothing that comes out is read by any stage.
 */
export async function nextFrame(
  shadow: ShadowState,
  frame: Frame,
  challengers: readonly ModelInUse[],
  ask: AskChallenger,
): Promise<readonly ShadowSaid[]> {
  for (const came of outcomesAfter(shadow.outcomes, frame)) {
    for (const record of shadow.records) if (record.model.model === came.model) joinOutcome(record, came);
  }
  const step = shadowStep(shadow.states, frame, challengers);
  shadow.states = step.states;
  shadow.seq = frame.seq;
  shadow.synthetic = frame.origin === DataOrigin.SYNTHETIC;
  for (const posed of step.champions) noteChampion(shadow, frame, posed);
  const said: ShadowSaid[] = [];
  for (const posed of step.challengers) said.push(...(await askOne(shadow, frame, posed, ask)));
  return said;
}

/** The record of a model in its place, a new one where there is none. */
function recordOf(shadow: ShadowState, { place, model }: Posed, decides: boolean): ModelRecord {
  const known = shadow.records.find(
    (one) => one.place === place && isSameModel(one.model, model) && one.decides === decides,
  );
  const record = known ?? newRecord(place, model, decides);
  record.last_seq = shadow.seq;
  if (known !== undefined) return known;
  const newestFirst = [record, ...shadow.records].sort((a, b) => b.last_seq - a.last_seq);
  shadow.records = newestFirst.slice(0, RECORDS_MAX);
  return record;
}

function noteChampion(shadow: ShadowState, frame: Frame, posed: Posed): void {
  const record = recordOf(shadow, posed, true);
  if (posed.refused !== null) {
    addRefusal(record, posed.refused);
    return;
  }
  posed.requests.forEach((request, i) => {
    const answer = posed.decided[i] ?? null;
    // Another model of the stage answers in its place, such as that of the regime.
    if (answer !== null && !isSameModel(answer.model, posed.model)) return;
    const said = answer === null ? null : probabilitiesOf(posed.model, answer.outputs, posed.calibration);
    if (said === null) {
      addFailure(record);
      return;
    }
    addAnswer(record, null);
    keep(shadow, frame, { record, request, said, decided: null });
  });
}

async function askOne(
  shadow: ShadowState,
  frame: Frame,
  posed: Posed,
  ask: AskChallenger,
): Promise<readonly ShadowSaid[]> {
  const record = recordOf(shadow, posed, false);
  const without = (reason: ReasonCode): readonly ShadowSaid[] => [
    { posed, reason, outputs: [], probabilities: [], decided: [] },
  ];
  if (posed.refused !== null) {
    addRefusal(record, posed.refused);
    return without(posed.refused);
  }
  const answer = await ask(posed.requests);
  if ('failed' in answer) {
    for (const _ of posed.requests) addFailure(record);
    return without(ReasonCode.STAGE_FAULT);
  }
  const each = answer.latencyMs === null ? null : answer.latencyMs / posed.requests.length;
  return posed.requests.flatMap((request, i): readonly ShadowSaid[] => {
    const outputs = answer.outputs[i]?.outputs ?? [];
    const said = probabilitiesOf(posed.model, outputs, posed.calibration);
    if (said === null) {
      addFailure(record);
      return without(ReasonCode.STAGE_FAULT);
    }
    addAnswer(record, each);
    const other = posed.decided[i] ?? null;
    const decided = other === null ? null : probabilitiesOf(other.model, other.outputs, posed.calibration);
    keep(shadow, frame, { record, request, said, decided });
    return [{ posed, reason: ReasonCode.OK, outputs, probabilities: said, decided: decided ?? [] }];
  });
}

interface Kept {
  readonly record: ModelRecord;
  readonly request: InferenceRequest;
  readonly said: readonly number[];
  readonly decided: readonly number[] | null;
}

/** Keeps an answer until its outcome is known, where one will be. */
function keep(shadow: ShadowState, frame: Frame, { record, request, said, decided }: Kept): void {
  const { model } = record.model;
  if (!isReviewed(model)) return;
  const question = model === 'confidence_prediction' ? ofTrade(frame, request) : ofBar(frame);
  if (question === null) return;
  const base = baseRate(shadow.outcomes, model, question.group);
  addOpen(record, { key: question.key, said, decided, base });
}

interface Question {
  readonly key: string;
  readonly group: string;
}

function ofBar(frame: Frame): Question | null {
  const bar = takenBar(frame);
  return bar === null ? null : { key: keyOfBar(bar.symbol, bar.open_us + bar.interval_us), group: '' };
}

/** Only the trade that was entered ends: the question about its setup is the one with the same numbers. */
function ofTrade(frame: Frame, { inputs }: InferenceRequest): Question | null {
  const setup = enteredSetup(frame);
  const vector = frame.features?.vector ?? null;
  if (setup === null || vector === null || frame.regime === null) return null;
  const own = confidenceInputs({
    ...{ vector, regime: frame.regime.state, setup, p_up: frame.forecast?.p_final ?? null },
    atr_ticks: frame.features?.indicators?.atr14_ticks ?? null,
  });
  const same = own.length === inputs.length && own.every((value, i) => Object.is(value, inputs[i]));
  return same ? { key: decisionId(frame.book, frame.seq), group: String(setup.strategy) } : null;
}
