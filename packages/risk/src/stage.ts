import {
  Action,
  ReasonCode,
  Side,
  type Entry,
  type Fault,
  type Frame,
  type OrderIntent,
  type RiskPart,
} from '@bellwether/contracts';
import { asksForDecision, decisionId, present, type Applied, type Stage } from '@bellwether/kernel';
import { decideEntry, policyOf, soundPortfolio, type EntryDecision } from './entry-decision.js';
import { enterIntent } from './intents.js';
import { judged } from './latches.js';
import { followed } from './orders.js';
import { reductionsOf, type Reductions } from './reductions.js';
import { INITIAL_STATE, rulesOf, type RiskState } from './state.js';

const LOGIC_VERSION = 2;

/**
 * Stage 7, the last: its frame is the decision. Follows the orders under way, sets the latches, closes and
 * cancels what has to go, and checks what is proposed. Nothing that only reduces is ever blocked.
 */
export const stage: Stage<RiskState, 'risk'> = {
  name: 'risk',
  logicVersion: LOGIC_VERSION,
  onFault: 'stop',
  initialState: () => INITIAL_STATE,
  apply: (state, frame) => apply(state, frame, present(frame.entry, 'an entry')),
  faulted: (fault) => faulted(fault),
};

function apply(before: RiskState, frame: Frame, entry: Entry): Applied<RiskState, 'risk'> {
  const decision_id = decisionId(frame.book, frame.seq);
  const portfolio = soundPortfolio(frame);
  const state = withLatches(followed(informed(before, entry), entry, portfolio), frame);
  const reductions: Reductions =
    portfolio === null
      ? { state, intents: [], contracts: 0 }
      : reductionsOf(state, entry, portfolio, decision_id);
  const asked = asksForDecision(frame, state.config?.decide_on_bar_close ?? false);
  const decision = asked ? decideEntry(reductions.state, frame) : null;
  const enter = entryIntent(decision, decision_id, reductions.intents.length + 1, entry);
  const next = enter === null ? reductions.state : withEntry(reductions.state, enter, entry);
  const { action, size, reason } = outcome(reductions, decision, enter, state);
  const part: RiskPart = {
    logic_version: LOGIC_VERSION,
    fault: null,
    decision_id,
    action,
    size,
    reason,
    policy: policyOf(state.config),
    checks: decision?.checks ?? [],
    latches: state.latches,
    intents: enter === null ? reductions.intents : [...reductions.intents, enter],
    valid_until_us: decision?.valid_until_us ?? null,
  };
  return { state: next, part };
}

/** What an entry says about the book itself: its configuration, or whether the audit log keeps up. */
function informed(state: RiskState, { release, audit }: Entry): RiskState {
  if (release !== null) return { ...state, config: rulesOf(release.config) };
  if (audit !== null) return { ...state, audit_behind: audit.behind };
  return state;
}

function withLatches(state: RiskState, frame: Frame): RiskState {
  const day = soundPortfolio(frame)?.day ?? null;
  if (state.config === null || day === null) return state;
  const latches = judged(state.latches, day, state.config.limits);
  return latches === state.latches ? state : { ...state, latches };
}

function entryIntent(
  decision: EntryDecision | null,
  decision_id: string,
  n: number,
  entry: Entry,
): OrderIntent | null {
  const plan = decision?.plan ?? null;
  return plan === null ? null : enterIntent({ decision_id, n, created_us: entry.event_us }, plan);
}

/** The contracts of a new entry are reserved until its ORDER entry, a fill or its end. */
function withEntry(state: RiskState, intent: OrderIntent, entry: Entry): RiskState {
  const { intent_id, decision_id, symbol, side, quantity } = intent;
  const signal_id = entry.signal?.signal_id ?? null;
  const order = { intent_id, decision_id, symbol, side, signal_id, remaining: quantity };
  return { ...state, entries: [...state.entries, { ...order, taken: false, cancelled: false }] };
}

/** An entry outranks an exit, an exit a HOLD, a HOLD nothing. */
function outcome(
  reductions: Reductions,
  decision: EntryDecision | null,
  enter: OrderIntent | null,
  state: RiskState,
): Pick<RiskPart, 'action' | 'size' | 'reason'> {
  if (enter !== null) {
    const action = enter.side === Side.LONG ? Action.BUY : Action.SELL;
    return { action, size: enter.quantity, reason: ReasonCode.OK };
  }
  const [first] = reductions.intents;
  if (first !== undefined) {
    return { action: Action.EXIT, size: reductions.contracts, reason: first.reason };
  }
  if (decision !== null) return { action: Action.HOLD, size: 0, reason: decision.reason };
  const reason = state.config === null ? ReasonCode.NO_RELEASE : ReasonCode.NOT_ASKED;
  return { action: Action.NONE, size: 0, reason };
}

function faulted(fault: Fault): RiskPart {
  return {
    logic_version: LOGIC_VERSION,
    fault,
    decision_id: '',
    action: Action.HOLD,
    size: 0,
    reason: ReasonCode.STAGE_FAULT,
    policy: policyOf(null),
    checks: [],
    latches: { soft_trade_date: 0, kill_trade_date: 0 },
    intents: [],
    valid_until_us: null,
  };
}
