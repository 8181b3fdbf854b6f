import {
  OrderType,
  Policy,
  ReasonCode,
  RegimeState,
  type Frame,
  type PortfolioPart,
  type RiskCheck,
  type Setup,
} from '@bellwether/contracts';
import { instrumentOf, sessionAt, type Instrument, type TradeSession } from '@bellwether/market';
import { checkEntry, type Proposal } from './checks.js';
import { exposureOf } from './exposure.js';
import type { EntryPlan } from './intents.js';
import { openRiskOf, plannedLossCents } from './open-risk.js';
import { correlationOf, hasJumped } from './prices.js';
import type { BookRules, RiskState } from './state.js';
import { flatByUs } from './trading-window.js';

/** What is decided about an entry where one was asked for. */
export interface EntryDecision {
  /** The binding reason; OK where `plan` is set. */
  readonly reason: ReasonCode;
  readonly checks: readonly RiskCheck[];
  readonly plan: EntryPlan | null;
  readonly valid_until_us: number | null;
}

/**
 * Decides on the entry that the stages upstream propose: all of it, less of it, or HOLD with the binding
 * reason.
 */
export function decideEntry(state: RiskState, frame: Frame): EntryDecision {
  const { config } = state;
  if (config === null) return held(ReasonCode.NO_RELEASE);
  const upstream = upstreamReason(frame, policyOf(config, state.degraded), config.regime?.gate !== false);
  if (upstream !== null) return held(upstream);
  const setup = chosenSetup(frame);
  const contracts = frame.sizing?.proposed_contracts ?? 0;
  const { portfolio, features, entry } = frame;
  if (setup === null || portfolio === null || features === null || entry === null || portfolio.day === null) {
    return held(ReasonCode.STAGE_FAULT);
  }
  const instrument = tradedOf(setup, frame.sizing?.symbol ?? '');
  if (instrument === null || !config.symbols.some(({ symbol }) => symbol === instrument.symbol)) {
    return held(ReasonCode.UNKNOWN_SYMBOL);
  }
  const { event_us } = entry;
  const session = sessionAt(event_us);
  const { latches, audit_behind, dry_run, prices } = state;
  const proposal: Proposal = {
    event_us,
    contracts,
    setup,
    instrument,
    config,
    latches,
    dry_run,
    audit_behind,
    portfolio,
    session,
    features,
    exposure: exposureOf(portfolio, state, config.account),
    open_risk: openRiskOf(portfolio, state, config),
    planned_loss_cents: plannedLossCents(setup.entry_ticks, setup.stop_ticks, instrument, config),
    correlation: correlationOf(prices, config.account.correlation_min),
    jumped: hasJumped(prices, setup.symbol),
  };
  return checked(proposal, frame.regime?.state ?? RegimeState.UNSPECIFIED);
}

function checked(proposal: Proposal, regime: RegimeState): EntryDecision {
  const { checks, size, reason } = checkEntry(proposal);
  const { session, event_us, config, instrument } = proposal;
  const setup = { ...proposal.setup, symbol: instrument.symbol };
  if (size === 0 || session === null) return { ...held(reason), checks };
  const valid_until_us = event_us + config.valid_for_us;
  const flat_by_us = flatByUs(session, config);
  const expires_us = expiryOf(setup, config, event_us, session);
  if (expires_us <= event_us) return { ...held(ReasonCode.ORDER_EXPIRED), checks };
  const { planned_loss_cents } = proposal;
  const plan = { setup, size, regime, instrument, expires_us, flat_by_us, reason, planned_loss_cents };
  return { reason, checks, plan, valid_until_us };
}

/** A market entry may wait no longer than its decision is valid; none may wait beyond flat-by. */
function expiryOf(setup: Setup, config: BookRules, event_us: number, session: TradeSession): number {
  const latest = Math.min(setup.expires_us, flatByUs(session, config));
  return setup.order_type === OrderType.MARKET ? Math.min(latest, event_us + config.valid_for_us) : latest;
}

/** What is traded: the contract of the setup, or its micro where sizing chose that. */
function tradedOf(setup: Setup, sized: string): Instrument | null {
  const own = instrumentOf(setup.symbol);
  const traded = sized === '' ? own : instrumentOf(sized);
  return traded !== null && traded.family === own?.family ? traded : null;
}

const NO_CHECKS: readonly RiskCheck[] = [];

function held(reason: ReasonCode): EntryDecision {
  return { reason, checks: NO_CHECKS, plan: null, valid_until_us: null };
}

function chosenSetup(frame: Frame): Setup | null {
  const { bandit } = frame;
  const chosen = bandit?.chosen ?? null;
  return chosen === null ? null : (bandit?.candidates[chosen]?.setup ?? null);
}

/** The first thing upstream that stands in the way of an entry, or null. */
function upstreamReason(frame: Frame, policy: Policy, gated: boolean): ReasonCode | null {
  const { features, regime, forecast, portfolio, bandit, sizing } = frame;
  if (isFaulty(features) || isFaulty(regime) || isFaulty(portfolio)) return ReasonCode.STAGE_FAULT;
  if (policy === Policy.LEARNED && isFaulty(forecast)) return ReasonCode.STAGE_FAULT;
  if (bandit === null || isFaulty(bandit)) return ReasonCode.STAGE_FAULT;
  // The bandit's reason already is the first of features, regime, forecast and its own.
  if (bandit.chosen === null) return reasonOr(bandit.reason, ReasonCode.NO_SETUP);
  if (gated && regime !== null && !regime.gate_open)
    return reasonOr(regime.reason, ReasonCode.REGIME_UNKNOWN);
  if (sizing === null || isFaulty(sizing)) return ReasonCode.STAGE_FAULT;
  if (sizing.proposed_contracts <= 0) return reasonOr(sizing.reason, ReasonCode.RISK_BUDGET_TOO_SMALL);
  return null;
}

function isFaulty(part: { readonly fault: unknown } | null): boolean {
  return part?.fault !== null;
}

/** No outcome is without a reason: an upstream part that names none gets the one it stands for. */
function reasonOr(reason: ReasonCode, otherwise: ReasonCode): ReasonCode {
  return reason === ReasonCode.OK || reason === ReasonCode.UNSPECIFIED ? otherwise : reason;
}

/** Every decision has a policy; before the release there is none, and while decisions take too long rules decide. */
export function policyOf(config: BookRules | null, degraded: boolean): Policy {
  if (config === null) return Policy.UNSPECIFIED;
  return degraded ? Policy.RULES : config.policy;
}

/** The portfolio where it can be relied on. */
export function soundPortfolio(frame: Frame): PortfolioPart | null {
  return frame.portfolio?.fault === null ? frame.portfolio : null;
}
