import {
  Action,
  ReasonCode,
  Side,
  type Bar,
  type BookConfig,
  type Entry,
  type Fault,
  type Frame,
  type OrderIntent,
  type PortfolioPart,
  type RiskCheck,
  type RiskPart,
  type TradePlan,
} from '@bellwether/contracts';
import { asksForDecision, decisionId, present, type Applied, type Stage } from '@bellwether/kernel';
import { decideEntry, policyOf, soundPortfolio, type EntryDecision } from './entry-decision.js';
import { enterIntent } from './intents.js';
import { judged } from './latches.js';
import { commanded } from './operator.js';
import { outlookOf } from './outlook.js';
import { withBar } from './prices.js';
import { followed } from './orders.js';
import { reductionsOf, stopOrders, type Reductions } from './reductions.js';
import { INITIAL_STATE, plainly, rulesOf, type BookRules, type RiskState } from './state.js';
import { tradePlan } from './trade-plan.js';

const LOGIC_VERSION = 4;

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

const NO_INTENTS: readonly OrderIntent[] = [];
const NO_CHECKS: readonly RiskCheck[] = [];

function apply(before: RiskState, frame: Frame, entry: Entry): Applied<RiskState, 'risk'> {
  const decision_id = decisionId(frame.book, frame.seq);
  const portfolio = soundPortfolio(frame);
  const told = commanded(followed(informed(before, entry), entry, portfolio), entry, portfolio);
  const state = withLatches(told.state, portfolio);
  const reductions: Reductions =
    portfolio === null
      ? { state, intents: NO_INTENTS, contracts: 0 }
      : reductionsOf(state, entry, portfolio, decision_id);
  const asked = asksForDecision(frame, state.config?.decide_on_bar_close ?? false);
  const decision = asked ? decideEntry(reductions.state, frame) : null;
  const stops =
    portfolio === null
      ? NO_INTENTS
      : stopOrders(entry, portfolio, decision_id, reductions.intents.length + 1);
  const exits = stops.length === 0 ? reductions.intents : [...reductions.intents, ...stops];
  const enter = entryIntent(decision, decision_id, exits.length + 1, entry);
  const risk_cents = decision?.plan?.planned_loss_cents ?? 0;
  const next = enter === null ? reductions.state : withEntry(reductions.state, enter, entry, risk_cents);
  const { action, size, reason } = outcome(reductions, decision, enter, state);
  const outlook = outlookOf(next, portfolio);
  const part: RiskPart = {
    logic_version: LOGIC_VERSION,
    fault: null,
    decision_id,
    action,
    size,
    reason,
    policy: policyOf(state.config, state.degraded),
    checks: decision?.checks ?? NO_CHECKS,
    latches: state.latches,
    intents: enter === null ? exits : [...exits, enter],
    valid_until_us: decision?.valid_until_us ?? null,
    headroom_cents: outlook.headroom_cents,
    headroom_after_cents: outlook.headroom_after_cents,
    heat: next === state ? outlook.heat : outlookOf(state, portfolio).heat,
    heat_after: outlook.heat,
    dry_run: state.dry_run,
    operator: told.result,
    plan: planOf(decision, state.config),
    degraded: state.degraded,
  };
  return { state: next, part };
}

/** What an entry says about the book itself: its configuration, whether the audit log keeps up, whether it is slow. */
function informed(state: RiskState, { release, audit, mode, bar }: Entry): RiskState {
  if (bar !== null) return state.config === null ? state : withPrices(state, bar, state.config);
  if (release !== null) return plainly({ ...state, config: rulesOf(release.config) });
  if (audit !== null) return plainly({ ...state, audit_behind: audit.behind });
  if (mode !== null) return plainly({ ...state, degraded: mode.degraded });
  return state;
}

/** Field by field: this runs for every bar. */
function withPrices(state: RiskState, bar: Bar, config: BookRules): RiskState {
  const prices = withBar(state.prices, bar, config);
  if (prices === state.prices) return state;
  return {
    config: state.config,
    latches: state.latches,
    audit_behind: state.audit_behind,
    degraded: state.degraded,
    dry_run: state.dry_run,
    prices,
    entries: state.entries,
    closes: state.closes,
  };
}

/** A kill is followed by a dry run, which lasts beyond its trade date. */
function withLatches(state: RiskState, portfolio: PortfolioPart | null): RiskState {
  if (state.config === null || portfolio === null || portfolio.day === null) return state;
  const latches = judged(state.latches, portfolio, state.config.limits);
  const killed = latches.kill_trade_date === portfolio.day.trade_date;
  const dry_run = state.dry_run || killed;
  if (latches === state.latches && dry_run === state.dry_run) return state;
  return plainly({ ...state, latches, dry_run });
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
function withEntry(state: RiskState, intent: OrderIntent, entry: Entry, risk_cents: number): RiskState {
  const { intent_id, decision_id, symbol, side, quantity } = intent;
  const signal_id = entry.signal?.signal_id ?? null;
  const order = { intent_id, decision_id, symbol, side, signal_id, remaining: quantity, risk_cents };
  return plainly({ ...state, entries: [...state.entries, { ...order, taken: false, cancelled: false }] });
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

function planOf(decision: EntryDecision | null, config: BookConfig | null): TradePlan | null {
  const plan = decision?.plan ?? null;
  return plan === null || config === null ? null : tradePlan(plan, config);
}

function faulted(fault: Fault): RiskPart {
  return {
    logic_version: LOGIC_VERSION,
    fault,
    decision_id: '',
    action: Action.HOLD,
    size: 0,
    reason: ReasonCode.STAGE_FAULT,
    policy: policyOf(null, false),
    checks: [],
    latches: { soft_trade_date: 0, kill_trade_date: 0 },
    intents: [],
    valid_until_us: null,
    headroom_cents: null,
    headroom_after_cents: null,
    heat: null,
    heat_after: null,
    dry_run: false,
    operator: null,
    plan: null,
    degraded: false,
  };
}
