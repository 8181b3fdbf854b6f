import {
  ExecutionMode,
  ReasonCode,
  type BanditConfig,
  type Fault,
  type Frame,
  type Setup,
  type StrategyVerdict,
} from '@bellwether/contracts';
import {
  present,
  uniformOf,
  type Applied,
  type InferenceOutput,
  type InferenceRequest,
  type Stage,
} from '@bellwether/kernel';
import { probeOf, type ModelSlots } from '@bellwether/model-slots';
import { offered, wishOf, type Offer } from './candidates.js';
import { MODEL, confidenceQuestions, confident } from './confidence.js';
import { closedGate, contextOf } from './gates.js';
import { informed, remembering } from './informed.js';
import { contextVector } from './linucb.js';
import { NOTHING_LEARNED } from './neural/neural-state.js';
import {
  TRUNK,
  questionsOf,
  taught,
  trunkKnowledge,
  trunkPlan,
  trunkQuestions,
  type TrunkPlan,
} from './neural/trunk.js';
import { LOGIC_VERSION, behindGate, without } from './parts.js';
import type { NeuralKnowledge } from './policies/arm-policies.js';
import { drawn, weighed } from './selection.js';
import { EMPTY_STATE, type BanditStageState } from './state.js';

/** Which strategy trades: full probabilities over the arms with a live setup, and a draw by the id of the entry. */
export const stage: Stage<BanditStageState, 'bandit'> = {
  name: 'bandit',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => EMPTY_STATE,
  prepare: (state, frame) => questions(state, frame),
  apply: (state, frame, outputs) => {
    const known = informed(state, frame);
    const closed = closedGate(frame, known);
    if (closed === null) return answered(known, frame, outputs);
    return { state: learnedBehindGate(known, frame, outputs), part: behindGate(closed, frame) };
  },
  faulted: (fault: Fault) => ({ ...without(ReasonCode.STAGE_FAULT), fault }),
};

/**
 * Rows and the frame for the trunk, then a confidence for each live setup, where models give them. Nothing of it is kept:
 * `apply` comes to the same questions again.
 */
function questions(state: BanditStageState, frame: Frame): readonly InferenceRequest[] {
  const entry = present(frame.entry, 'the entry of a frame');
  if (entry.model !== null) return [...probeOf(entry, MODEL), ...probeOf(entry, TRUNK)];
  if (state.models.length === 0 && (state.trunks ?? NO_TRUNKS).length === 0) return NO_QUESTIONS;
  const known = informed(state, frame);
  const offer = closedGate(frame, known) === null ? offerOf(known, frame) : ReasonCode.NOT_ASKED;
  const setups = typeof offer === 'number' ? [] : offer.setups;
  const plan = planOf(known, frame, setups.length > 0);
  const confidences = setups.length === 0 ? NO_QUESTIONS : confidenceQuestions(known, frame, setups);
  return plan === null || typeof plan === 'number'
    ? confidences
    : [...trunkQuestions(plan, frame), ...confidences];
}

function planOf(known: BanditStageState, frame: Frame, deciding: boolean): TrunkPlan | ReasonCode | null {
  return trunkPlan(known, known.config?.bandit ?? null, frame, deciding);
}

/** A promotion is answered by a probe and nothing else, so no row is learned from its entry. */
function learnedBehindGate(
  known: BanditStageState,
  frame: Frame,
  outputs: readonly InferenceOutput[],
): BanditStageState {
  if (present(frame.entry, 'the entry of a frame').model !== null) return known;
  const plan = planOf(known, frame, false);
  if (plan === null || typeof plan === 'number' || plan.taken === plan.state.taken) return known;
  return { ...known, neural: taught(known.neural ?? NOTHING_LEARNED, plan, outputs) };
}

/** What the strategies offer, or why they are not asked. */
function offerOf(state: BanditStageState, frame: Frame): Offer | ReasonCode {
  const entry = present(frame.entry, 'the entry of a frame');
  const context = contextOf(frame, state);
  const bandit = state.config?.bandit ?? null;
  if (typeof context === 'number') return context;
  if (bandit === null) return ReasonCode.NO_RELEASE;
  const evidence = state.config?.evidence ?? null;
  return offered(context, wishOf(entry.signal), state.days, { selection: bandit.selection, evidence });
}

function answered(
  state: BanditStageState,
  frame: Frame,
  outputs: readonly InferenceOutput[],
): Applied<BanditStageState, 'bandit'> {
  const bandit = state.config?.bandit ?? null;
  const offer = offerOf(state, frame);
  const setups = typeof offer === 'number' ? NO_SETUPS : offer.setups;
  const { known, neural, reason, asked } = trunkAnswer(state, frame, setups.length > 0, outputs);
  if (typeof offer === 'number') return { state: known, part: without(offer) };
  if (bandit === null) return { state: known, part: without(ReasonCode.NO_RELEASE) };
  if (setups.length === 0)
    return { state: known, part: without(offer.reason, offer.refused, offer.withheld) };
  return chosenOf(
    { state: known, frame, offer, neural, selection_reason: reason },
    outputs.slice(asked),
    bandit,
  );
}

/** What the trunk says of the frame, and the state with its rows learned. */
interface TrunkAnswer {
  readonly known: BanditStageState;
  readonly neural: NeuralKnowledge | null;
  /** Why it says nothing, where the book asks for it. */
  readonly reason: ReasonCode | null;
  /** Questions that were its own. */
  readonly asked: number;
}

function trunkAnswer(
  state: BanditStageState,
  frame: Frame,
  deciding: boolean,
  outputs: readonly InferenceOutput[],
): TrunkAnswer {
  const plan = planOf(state, frame, deciding);
  if (plan === null || typeof plan === 'number') {
    return { known: state, neural: null, reason: plan, asked: 0 };
  }
  const neural = taught(state.neural ?? NOTHING_LEARNED, plan, outputs);
  const asked = questionsOf(plan);
  const said = deciding ? trunkKnowledge(neural, plan, outputs) : null;
  const known = { ...state, neural };
  if (said === null || typeof said === 'number') return { known, neural: null, reason: said, asked };
  return { known, neural: said, reason: null, asked };
}

interface Asked {
  readonly state: BanditStageState;
  readonly frame: Frame;
  readonly offer: Offer;
  readonly neural: NeuralKnowledge | null;
  readonly selection_reason: ReasonCode | null;
}

function chosenOf(
  { state, frame, offer, neural, selection_reason }: Asked,
  outputs: readonly InferenceOutput[],
  bandit: BanditConfig,
): Applied<BanditStageState, 'bandit'> {
  const entry = present(frame.entry, 'the entry of a frame');
  const { setups, confidences, refused: doubted, reason } = confident(state, frame, offer.setups, outputs);
  const refused = doubted.length === 0 ? offer.refused : inOrder([...offer.refused, ...doubted]);
  if (setups.length === 0) {
    return {
      state,
      part: {
        ...without(doubted[0]?.reason ?? offer.reason, refused, offer.withheld),
        confidence_reason: reason,
      },
    };
  }
  const x = contextVector(frame);
  const execution = state.config?.execution ?? ExecutionMode.UNSPECIFIED;
  const knowledge = { arms: state.arms, linear: state.linear, x, neural, execution };
  const candidates = weighed(setups, knowledge, bandit).map((candidate, i) =>
    confidences[i] == null ? candidate : { ...candidate, confidence: confidences[i] },
  );
  const draw = uniformOf(`${frame.book}|${entry.id}`);
  const chosen = drawn(candidates, draw);
  return {
    state: remembering(state, frame, setups[chosen]!, x),
    part: {
      logic_version: LOGIC_VERSION,
      fault: null,
      reason: ReasonCode.OK,
      candidates,
      refused,
      draw,
      chosen,
      confidence_reason: reason,
      selection_reason,
      withheld: offer.withheld,
    },
  };
}

function inOrder(verdicts: readonly StrategyVerdict[]): readonly StrategyVerdict[] {
  return [...verdicts].sort((a, b) => a.strategy - b.strategy);
}

const NO_TRUNKS: ModelSlots = [];
const NO_QUESTIONS: readonly InferenceRequest[] = [];
const NO_SETUPS: readonly Setup[] = [];
