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
import { decisionId, present, uniformOf, type Applied, type Stage } from '@bellwether/kernel';
import { tradeDateAt } from '@bellwether/market';
import { afterTrades, nextDay } from './arm-days.js';
import { offered, wishOf } from './candidates.js';
import { barsToRemember, stillOpen, tellsMarketTime } from './choices.js';
import { closedGate, contextOf, symbolOf } from './gates.js';
import { contextVector, learnLinear, withContext } from './linucb.js';
import { learn } from './rewards.js';
import { drawn, weighed } from './selection.js';
import { EMPTY_STATE, type BanditStageState } from './state.js';

const LOGIC_VERSION = 4;

/** Which strategy trades: full probabilities over the arms with a live setup, and a draw by the id of the entry. */
export const stage: Stage<BanditStageState, 'bandit'> = {
  name: 'bandit',
  logicVersion: LOGIC_VERSION,
  onFault: 'mark',
  initialState: () => EMPTY_STATE,
  apply: (state, frame) => {
    const known = informed(state, frame);
    const closed = closedGate(frame, known);
    return closed === null ? answered(known, frame) : { state: known, part: behindGate(closed) };
  },
  faulted: (fault: Fault) => ({ ...without(ReasonCode.STAGE_FAULT), fault }),
};

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

function answered(state: BanditStageState, frame: Frame): Applied<BanditStageState, 'bandit'> {
  const entry = present(frame.entry, 'the entry of a frame');
  const context = contextOf(frame, state);
  const bandit = state.config?.bandit ?? null;
  if (typeof context === 'number') return { state, part: without(context) };
  if (bandit === null) return { state, part: without(ReasonCode.NO_RELEASE) };

  const offer = offered(context, wishOf(entry.signal), state.days, bandit.selection);
  const { setups, refused, reason } = offer;
  if (setups.length === 0) return { state, part: without(reason, refused) };
  const x = contextVector(frame);
  const knowledge = { arms: state.arms, linear: state.linear, x };
  const candidates = weighed(setups, knowledge, bandit);
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
    },
  };
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
  };
}
