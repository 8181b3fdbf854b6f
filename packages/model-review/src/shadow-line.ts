import {
  RegimeState,
  type FeatureVector,
  type Frame,
  type ModelsConfig,
  type ReasonCode,
  type StageName,
} from '@bellwether/contracts';
import { stage as bandit, type BanditStageState } from '@bellwether/bandit';
import { stage as forecast, type ForecastStageState } from '@bellwether/forecast';
import type { InferenceOutput, InferenceRequest, Stage } from '@bellwether/kernel';
import {
  circumstancesOf,
  placeOf,
  policyRules,
  refusalOf,
  type ModelInUse,
  type ModelSlots,
  type PolicyRules,
} from '@bellwether/model-slots';
import { stage as regime, type RegimeStageState } from '@bellwether/regime';

/** Stages that ask a model, in the order of the line, and which. */
export const ASKING_STAGES = {
  regime_classifier: 'regime',
  rl_model: 'forecast',
  confidence_prediction: 'bandit',
} as const;
export type ReviewedModel = keyof typeof ASKING_STAGES;

/** True of a model whose answers can be compared with what came. */
export const isReviewed = (model: string): model is ReviewedModel => Object.hasOwn(ASKING_STAGES, model);

/** States of the real stages, as the book's own stand after a frame. Plain data. */
export interface ShadowStates {
  readonly regime: RegimeStageState;
  readonly forecast: ForecastStageState;
  readonly bandit: BanditStageState;
}

export const initialStates = (): ShadowStates => ({
  regime: regime.initialState(),
  forecast: forecast.initialState(),
  bandit: bandit.initialState(),
});

/** The models that stand in the places of a book. */
export function modelsInUse({ regime: first, forecast: second, bandit: third }: ShadowStates): ModelSlots {
  return [...first.models, ...second.models, ...third.models];
}

/** What a stage would ask a model about a frame, if that model stood in its place. */
export interface Posed {
  readonly model: ModelInUse;
  readonly place: string;
  /** Null: the stage asks it. Else the stage leaves it out, for this reason. */
  readonly refused: ReasonCode | null;
  readonly requests: readonly InferenceRequest[];
  /** What decided, in the order of the requests; null where nothing answered. */
  readonly decided: readonly (Answered | null)[];
  /** Whether answers are calibrated in this book. */
  readonly calibration: boolean;
}

export interface Answered {
  readonly model: ModelInUse;
  readonly outputs: readonly number[];
}

export interface ShadowStep {
  readonly states: ShadowStates;
  /** For each model given, what its stage would ask; those that would not be asked are left out. */
  readonly challengers: readonly Posed[];
  /** The same of the models in use. */
  readonly champions: readonly Posed[];
}

interface AskingState {
  readonly rules: PolicyRules;
  readonly models: ModelSlots;
}

/** The frame as a stage of the line saw it: with nothing of itself and of those behind it. */
function seenBy(frame: Frame, name: StageName): Frame {
  const { contract_version, book, seq, book_time_us, origin, entry, features } = frame;
  const behind = name !== 'regime';
  return {
    ...{ contract_version, book, seq, book_time_us, origin, entry, features },
    ...{ regime: behind ? frame.regime : null, forecast: name === 'bandit' ? frame.forecast : null },
    ...{ portfolio: name === 'bandit' ? frame.portfolio : null },
    ...{ bandit: null, sizing: null, risk: null, inferences: [] },
  };
}

/** The places of a stage with this model in its own. */
function placed(models: ModelSlots, model: ModelInUse): ModelSlots {
  return [...models.filter(({ regime }) => regime !== model.regime), model];
}

function stepStage<S extends AskingState, K extends StageName>(
  stage: Stage<S, K>,
  state: S,
  frame: Frame,
  challengers: readonly ModelInUse[],
): { readonly state: S; readonly challengers: readonly Posed[]; readonly champions: readonly Posed[] } {
  const seen = seenBy(frame, stage.name);
  const outputs: readonly InferenceOutput[] = frame.inferences.filter(({ stage: by }) => by === stage.name);
  const pose = (model: ModelInUse): readonly Posed[] => posed(stage, state, seen, model, outputs);
  const asks = frame.entry?.model === null;
  const found = asks
    ? { challengers: challengers.flatMap(pose), champions: state.models.flatMap(pose) }
    : NONE;
  // A stage that failed has kept its state.
  const next = frame[stage.name]?.fault == null ? stage.apply(state, seen, outputs).state : state;
  return { state: next, ...found };
}

const NONE = { challengers: [], champions: [] } as const;

function posed<S extends AskingState, K extends StageName>(
  stage: Stage<S, K>,
  state: S,
  seen: Frame,
  model: ModelInUse,
  outputs: readonly InferenceOutput[],
): readonly Posed[] {
  const config = policyRules(state.rules);
  const vector = seen.features?.vector ?? null;
  if (config === null || vector === null) return [];
  // Nothing refuses this one, so that what comes is what the stage would ask about the frame at all.
  const willing = {
    ...model,
    synthetic: false,
    schema_hash: vector.schema_sha256,
    trained_until_us: Number.MAX_SAFE_INTEGER,
  };
  const asked = stage.prepare?.({ ...state, models: placed(state.models, willing) }, seen) ?? [];
  const requests = asked.filter((request) => isSameModel(request, model));
  if (requests.length === 0) return [];
  return [
    {
      ...{ model, place: placeOf(model.model, model.regime), requests, calibration: config.calibration },
      refused: refusedFor(model, seen, vector, config),
      decided: requests.map((_, i) => answeredOf(state.models, outputs[i])),
    },
  ];
}

function refusedFor(
  model: ModelInUse,
  seen: Frame,
  vector: FeatureVector,
  config: ModelsConfig,
): ReasonCode | null {
  return refusalOf(
    model,
    circumstancesOf(seen, vector, config, seen.regime?.state ?? RegimeState.UNSPECIFIED),
  );
}

function answeredOf(models: ModelSlots, output: InferenceOutput | undefined): Answered | null {
  if (output === undefined) return null;
  const model = models.find((one) => isSameModel(one, output));
  return model === undefined ? null : { model, outputs: output.outputs };
}

/** The same graph with the same calibration: a new calibration is a version of its own with the hash of the old one. */
export function isSameModel(a: ModelIdentity, b: ModelIdentity): boolean {
  return a.sha256 === b.sha256 && a.version === b.version;
}

type ModelIdentity = Pick<ModelInUse, 'sha256' | 'version'>;

/**
 * Takes the next finished frame of a book through the stages that ask models, with the answers that decided, and says what
 * each challenger would have been asked in the place it wants. The stages themselves put the questions: there is no second
 * way to make a row.
 */
export function shadowStep(
  states: ShadowStates,
  frame: Frame,
  challengers: readonly ModelInUse[],
): ShadowStep {
  const of = (stage: StageName): readonly ModelInUse[] =>
    challengers.filter(({ model }) => isReviewed(model) && ASKING_STAGES[model] === stage);
  const first = stepStage(regime, states.regime, frame, of('regime'));
  const second = stepStage(forecast, states.forecast, frame, of('forecast'));
  const third = stepStage(bandit, states.bandit, frame, of('bandit'));
  return {
    states: { regime: first.state, forecast: second.state, bandit: third.state },
    challengers: [...first.challengers, ...second.challengers, ...third.challengers],
    champions: [...first.champions, ...second.champions, ...third.champions],
  };
}
