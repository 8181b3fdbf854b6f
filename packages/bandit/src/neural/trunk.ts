import { ReasonCode, RegimeState, Selection, type BanditConfig, type Frame } from '@bellwether/contracts';
import { assert, type InferenceOutput, type InferenceRequest } from '@bellwether/kernel';
import {
  circumstancesOf,
  modelFor,
  policyRules,
  questionTo,
  vectorInputs,
  type ModelInUse,
  type ModelSlots,
  type PolicyRules,
} from '@bellwether/model-slots';
import type { NeuralKnowledge } from '../policies/arm-policies.js';
import { posteriorOf, trunkFeatures, withReward } from './learn-rows.js';
import { NOTHING_LEARNED, type NeuralState, type RewardedRow, type TrunkState } from './neural-state.js';

/** `features [43]`, `mask [43]` in; `hidden [64]`, which the posteriors are over, then `values [12]` out. */
export const TRUNK = 'strategy_selection';

/** Rows that are put to the trunk at one entry: a whole log takes 32 entries, a closed trade its own. */
export const ROWS_PER_ENTRY = 16;

/** What the stage knows that decides whether the trunk is asked. */
export interface TrunkCircumstances {
  readonly rules: PolicyRules;
  readonly trunks?: ModelSlots;
  readonly neural?: NeuralState;
}

/** The trunk where the book asks for it and models decide, or why it is not asked; null under another selection. */
function trunkOf(
  { rules, trunks = [] }: TrunkCircumstances,
  bandit: BanditConfig | null,
  frame: Frame,
): ModelInUse | ReasonCode | null {
  if (bandit?.selection !== Selection.NEURAL_LINEAR) return null;
  const config = policyRules(rules);
  if (config === null) return ReasonCode.RULES_DECIDE;
  const vector = frame.features?.vector ?? null;
  // Rows of the log are put to it at entries without features too: whether it may decide is judged where it decides.
  if (vector === null)
    return trunks.find(({ regime }) => regime === RegimeState.UNSPECIFIED) ?? ReasonCode.NO_MODEL;
  if (vector.present_index.length === 0) return ReasonCode.MODEL_INPUTS_MISSING;
  return modelFor(trunks, circumstancesOf(frame, vector, config, RegimeState.UNSPECIFIED));
}

/** What is asked of the trunk at a frame, and what for. */
export interface TrunkPlan {
  readonly model: ModelInUse;
  /** Learned over this trunk with these settings; begins anew where either is another one. */
  readonly state: TrunkState;
  readonly rows: readonly RewardedRow[];
  /** Rows of the log that are behind it after these. */
  readonly taken: number;
  /** Whether the frame itself is asked about, behind the rows. */
  readonly about: boolean;
}

/**
 * What to ask at this frame, or why the trunk is not asked; null under another selection. `deciding`: there are setups.
 */
export function trunkPlan(
  known: TrunkCircumstances,
  bandit: BanditConfig | null,
  frame: Frame,
  deciding: boolean,
): TrunkPlan | ReasonCode | null {
  const model = trunkOf(known, bandit, frame);
  if (model === null || typeof model === 'number') return model;
  if (bandit === null) return null;
  const neural = known.neural ?? NOTHING_LEARNED;
  const state = stateFor(neural, model, bandit);
  const first = Math.max(0, state.taken - (neural.logged - neural.log.length));
  const rows = neural.log.slice(first, first + ROWS_PER_ENTRY);
  const taken = neural.logged - neural.log.length + first + rows.length;
  const fitting = rows.filter(({ schema_hash }) => schema_hash === model.schema_hash);
  return { model, state, rows: fitting, taken, about: deciding };
}

function stateFor({ trunk }: NeuralState, { sha256 }: ModelInUse, bandit: BanditConfig): TrunkState {
  const { neural_ridge: ridge, neural_kept: kept } = bandit;
  if (trunk?.sha256 === sha256 && trunk.ridge === ridge && trunk.kept === kept) return trunk;
  return { sha256, ridge, kept, taken: 0, rewards: 0, arms: [] };
}

/** The questions of a plan, rows first. */
export function trunkQuestions(plan: TrunkPlan, frame: Frame): readonly InferenceRequest[] {
  const { model, rows, about } = plan;
  const questions = rows.map(({ inputs }) => questionTo(model, inputs));
  const vector = frame.features?.vector ?? null;
  if (about && vector !== null) questions.push(questionTo(model, vectorInputs(vector)));
  return questions;
}

export function questionsOf({ rows, about }: TrunkPlan): number {
  return rows.length + (about ? 1 : 0);
}

/** What was learned once the rows of the plan are in it. */
export function taught(
  neural: NeuralState,
  plan: TrunkPlan,
  outputs: readonly InferenceOutput[],
): NeuralState {
  let trunk: TrunkState = { ...plan.state, taken: plan.taken };
  plan.rows.forEach(({ strategy, reward }, i) => {
    trunk = withReward(trunk, strategy, featuresOf(outputs[i]), reward);
  });
  return { waiting: neural.waiting, log: neural.log, logged: neural.logged, trunk };
}

/** What the posteriors are over in this frame, or why they do not decide: rows are still to be put to the trunk. */
export function trunkKnowledge(
  { logged, trunk }: NeuralState,
  { rows }: TrunkPlan,
  outputs: readonly InferenceOutput[],
): NeuralKnowledge | ReasonCode {
  if (trunk === null || trunk.taken < logged) return ReasonCode.TRUNK_REBUILDING;
  const x = featuresOf(outputs[rows.length]);
  return { x, posteriorOf: (strategy) => posteriorOf(trunk, strategy) };
}

function featuresOf(output: InferenceOutput | undefined): Float64Array {
  const x = trunkFeatures(output?.outputs ?? []);
  assert(x !== null, 'The trunk answers with its hidden layer first');
  return x;
}
