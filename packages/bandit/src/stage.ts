import {
  EntryKind,
  ReasonCode,
  strategyParametersOf,
  type BanditPart,
  type Bar,
  type ClosedTrade,
  type Fault,
  type Frame,
  type Setup,
  type StrategyVerdict,
} from '@bellwether/contracts';
import {
  decisionId,
  present,
  uniformOf,
  type Applied,
  type InferenceOutput,
  type InferenceRequest,
  type Stage,
} from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import { afterPromotion, probeOf, promotionReason, rulesAfter } from '@bellwether/model-slots';
import { afterTrades, nextDay } from './arm-days.js';
import { offered, wishOf, type Offer } from './candidates.js';
import { barsToRemember, stillOpen, tellsMarketTime } from './choices.js';
import { MODEL, confidenceQuestions, confident } from './confidence.js';
import { closedGate, contextOf, symbolOf } from './gates.js';
import { contextVector, learnLinear, withContext } from './linucb.js';
import { learn } from './rewards.js';
import { drawn, weighed } from './selection.js';
import { EMPTY_STATE, type BanditStageState } from './state.js';

const LOGIC_VERSION = 5;

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
    const said = promotionReason(present(frame.entry, 'the entry of a frame'), MODEL);
    const part = behindGate(closed);
    return { state: known, part: said === null ? part : { ...part, confidence_reason: said } };
  },
  faulted: (fault: Fault) => ({ ...without(ReasonCode.STAGE_FAULT), fault }),
};

/** A confidence for each live setup, where a model gives one; nothing of it is kept. */
function questions(state: BanditStageState, frame: Frame): readonly InferenceRequest[] {
  const entry = present(frame.entry, 'the entry of a frame');
  if (entry.model !== null) return probeOf(entry, MODEL);
  if (state.models.length === 0) return [];
  const known = informed(state, frame);
  if (closedGate(frame, known) !== null) return [];
  const offer = offerOf(known, frame);
  return typeof offer === 'number' ? [] : confidenceQuestions(known, frame, offer.setups);
}

/** The state with all that the frame tells, before anything is chosen. */
function informed(state: BanditStageState, frame: Frame): BanditStageState {
  const entry = present(frame.entry, 'the entry of a frame');
  const portfolio = frame.portfolio?.fault === null ? frame.portfolio : null;
  const today = tellsMarketTime(entry.kind) ? tradeDateAt(entry.event_us) : 0;
  const rolls = today > state.trade_date;
  const days = rolls ? nextDay(state.days) : state.days;
  const mayHaveTraded = entry.kind === EntryKind.FILL || entry.kind === EntryKind.CLOSE;
  const bar = newBar(frame);
  const closed = portfolio === null ? NONE_CLOSED : portfolio.closed;
  const learned = learn(state, closed);
  const config = entry.release === null ? state.config : entry.release.config;
  return {
    config,
    parameters:
      entry.release === null
        ? state.parameters
        : strategyParametersOf(config === null ? [] : config.strategies),
    degraded: entry.mode === null ? state.degraded : entry.mode.degraded,
    arms: learned.arms,
    linear:
      closed.length === 0
        ? state.linear
        : learnLinear(state.linear, closed, config?.bandit?.linucb_ridge ?? 0),
    rewarded: learned.rewarded,
    trade_date: rolls ? today : state.trade_date,
    days: mayHaveTraded && portfolio !== null ? afterTrades(days, portfolio) : days,
    bars: bar === null ? state.bars : withBar(state.bars, bar),
    choices: stillOpen(state.choices, entry, bar?.symbol ?? null),
    rules: rulesAfter(state.rules, entry),
    models: afterPromotion(state.models, entry, MODEL),
  };
}

/** The bar of the frame, where the features have taken it. */
function newBar({ entry, features }: Frame): Bar | null {
  const taken = features?.fault === null && features.reason === ReasonCode.OK;
  return taken ? (entry?.bar ?? null) : null;
}

function withBar(bars: readonly Bar[], bar: Bar): readonly Bar[] {
  if (bars.length === 1 && bars[0]!.symbol === bar.symbol) return [bar];
  return [...bars.filter((known) => known.symbol !== bar.symbol), bar];
}

/** What the strategies offer, or why they are not asked. */
function offerOf(state: BanditStageState, frame: Frame): Offer | ReasonCode {
  const entry = present(frame.entry, 'the entry of a frame');
  const context = contextOf(frame, state);
  const bandit = state.config?.bandit ?? null;
  if (typeof context === 'number') return context;
  if (bandit === null) return ReasonCode.NO_RELEASE;
  return offered(context, wishOf(entry.signal), state.days, bandit.selection);
}

function answered(
  state: BanditStageState,
  frame: Frame,
  outputs: readonly InferenceOutput[],
): Applied<BanditStageState, 'bandit'> {
  const entry = present(frame.entry, 'the entry of a frame');
  const bandit = state.config?.bandit ?? null;
  const offer = offerOf(state, frame);
  if (typeof offer === 'number') return { state, part: without(offer) };
  if (bandit === null) return { state, part: without(ReasonCode.NO_RELEASE) };
  if (offer.setups.length === 0) return { state, part: without(offer.reason, offer.refused) };

  const { setups, confidences, refused: doubted, reason } = confident(state, frame, offer.setups, outputs);
  const refused = doubted.length === 0 ? offer.refused : inOrder([...offer.refused, ...doubted]);
  if (setups.length === 0) {
    return {
      state,
      part: { ...without(doubted[0]?.reason ?? offer.reason, refused), confidence_reason: reason },
    };
  }
  const x = contextVector(frame);
  const knowledge = { arms: state.arms, linear: state.linear, x };
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
    },
  };
}

function inOrder(verdicts: readonly StrategyVerdict[]): readonly StrategyVerdict[] {
  return [...verdicts].sort((a, b) => a.strategy - b.strategy);
}

function remembering(
  state: BanditStageState,
  frame: Frame,
  setup: Setup,
  x: readonly number[] | null,
): BanditStageState {
  const entry = present(frame.entry, 'the entry of a frame');
  const { execution } = present(state.config, 'a configuration behind an open gate');
  const choice = {
    symbol: symbolOf(frame),
    decision_id: decisionId(frame.book, frame.seq),
    signal_id: entry.signal?.signal_id ?? '',
    expires_us: setup.expires_us,
    bars_left: barsToRemember(entry.kind, execution),
  };
  const { decision_id, symbol } = choice;
  const linear =
    x === null
      ? state.linear
      : withContext(state.linear, { symbol, decision_id, strategy: setup.strategy, x });
  return { ...state, linear, choices: [...state.choices, choice] };
}

const NONE_REFUSED: readonly StrategyVerdict[] = [];
const NONE_CLOSED: readonly ClosedTrade[] = [];

/** By reason: the same object each time, so that its bytes need not be written anew. */
const CLOSED = new Map<ReasonCode, BanditPart>();

/** The gate is closed, and why. */
function behindGate(reason: ReasonCode): BanditPart {
  let part = CLOSED.get(reason);
  if (part === undefined) CLOSED.set(reason, (part = without(reason)));
  return part;
}

/** Nothing is chosen, and why. */
function without(reason: ReasonCode, refused = NONE_REFUSED): BanditPart {
  return {
    logic_version: LOGIC_VERSION,
    fault: null,
    reason,
    candidates: [],
    refused,
    draw: null,
    chosen: null,
    confidence_reason: null,
  };
}
