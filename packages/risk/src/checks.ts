import {
  ReasonCode,
  Side,
  type DayAccount,
  type FeaturesPart,
  type Latches,
  type RiskCheck,
  type Setup,
} from '@bellwether/contracts';
import { minuteOfSession, type Instrument, type TradeSession } from '@bellwether/market';
import type { Exposure } from './exposure.js';
import type { BookRules } from './state.js';
import { entriesAllowed, lastEntryMinute } from './trading-window.js';

const MINUTE_US = 60_000_000;
const TENTHS_PER_MINI = 10;

/** A last close older than this many bars says nothing of where the price is. */
const STALE_AFTER_BARS = 3;

/**
 * Largest share of the last close between it and the entry: the exchange's own band is 7 % (domain.md 1.6).
 */
const ENTRY_DISTANCE_SHARE_MAX = 0.07;

/** Everything that the checks of one proposed entry look at. */
export interface Proposal {
  readonly event_us: number;
  readonly contracts: number;
  readonly setup: Setup;
  readonly instrument: Instrument;
  readonly config: BookRules;
  readonly latches: Latches;
  readonly audit_behind: boolean;
  readonly day: DayAccount;
  readonly session: TradeSession | null;
  readonly exposure: Exposure;
  readonly features: FeaturesPart;
}

export interface Verdict {
  /** All checks in their order, the binding one included. */
  readonly checks: readonly RiskCheck[];
  /** Contracts that may be entered; 0 with the binding reason. */
  readonly size: number;
  readonly reason: ReasonCode;
}

/**
 * All checks in order (domain.md 2.3). The first that does not pass binds. Caps pass while one contract fits
 * and take the rest away: then `value` is above `limit` in a check that passed.
 */
export function checkEntry(proposal: Proposal): Verdict {
  const caps = [symbolCap(proposal), totalCap(proposal), stepCap(proposal)];
  const checks = [
    killCheck(proposal),
    softCheck(proposal),
    windowCheck(proposal),
    ...caps.map(({ check }) => check),
    plausibleCheck(proposal),
    staleCheck(proposal),
    auditCheck(proposal),
  ];
  const binding = checks.find(({ passed }) => !passed);
  if (binding !== undefined) return { checks, size: 0, reason: binding.code };
  const size = Math.min(proposal.contracts, ...caps.map(({ fits }) => fits));
  return { checks, size, reason: ReasonCode.OK };
}

function killCheck({ latches, day, config }: Proposal): RiskCheck {
  const limit = -config.limits.daily_kill_loss_cents;
  const passed = latches.kill_trade_date !== day.trade_date && day.pnl_cents > limit;
  return { code: ReasonCode.KILL_LATCHED, passed, value: day.pnl_cents, limit };
}

function softCheck({ latches, day, config }: Proposal): RiskCheck {
  const limit = -config.limits.daily_soft_loss_cents;
  const passed = latches.soft_trade_date !== day.trade_date && day.pnl_cents > limit;
  return { code: ReasonCode.DAILY_SOFT_LOSS, passed, value: day.pnl_cents, limit };
}

/** Value and limit in minutes of the session; both unset outside of it. */
function windowCheck({ session, config, event_us }: Proposal): RiskCheck {
  const code = ReasonCode.FLAT_WINDOW;
  if (session === null) return { code, passed: false, value: null, limit: null };
  return {
    code,
    passed: entriesAllowed(session, config.limits, event_us),
    value: minuteOfSession(session, event_us),
    limit: lastEntryMinute(session, config.limits),
  };
}

interface Cap {
  readonly check: RiskCheck;
  /** Contracts of the proposal's symbol that it leaves room for. */
  readonly fits: number;
}

/** Caps are in minis. Value: contracts of this symbol that would count; limit: how many may. */
function cap(code: ReasonCode, { contracts, instrument }: Proposal, minis: number, used_tenths: number): Cap {
  const limit_tenths = minis * TENTHS_PER_MINI;
  const fits = Math.max(0, Math.floor((limit_tenths - used_tenths) / instrument.mini_tenths));
  const value = Math.ceil(used_tenths / instrument.mini_tenths) + contracts;
  const limit = Math.floor(limit_tenths / instrument.mini_tenths);
  return { check: { code, passed: fits >= 1, value, limit }, fits };
}

function symbolCap(proposal: Proposal): Cap {
  const { limits } = proposal.config;
  const { family } = proposal.instrument;
  const minis = family === 'ES' ? limits.max_es_contracts : limits.max_nq_contracts;
  return cap(ReasonCode.CAP_SYMBOL, proposal, minis, proposal.exposure.family_tenths(family));
}

function totalCap(proposal: Proposal): Cap {
  const { max_total_contracts } = proposal.config.limits;
  return cap(ReasonCode.CAP_TOTAL, proposal, max_total_contracts, proposal.exposure.total_tenths);
}

function stepCap(proposal: Proposal): Cap {
  return cap(ReasonCode.CAP_STEP, proposal, proposal.config.limits.max_step_contracts, 0);
}

/**
 * Positive prices, the stop on the side of the loss, the target on that of the profit, the entry near the
 * market.
 */
function plausibleCheck({ setup, features }: Proposal): RiskCheck {
  const sign = setup.side === Side.SHORT ? -1 : 1;
  const { entry_ticks, stop_ticks, target_ticks } = setup;
  const last = features.last_close_ticks;
  const passed =
    features.symbol === setup.symbol &&
    last !== null &&
    Math.min(last, entry_ticks, stop_ticks, target_ticks ?? entry_ticks) > 0 &&
    sign * (entry_ticks - stop_ticks) > 0 &&
    (target_ticks === null || sign * (target_ticks - entry_ticks) > 0) &&
    Math.abs(entry_ticks - last) <= last * ENTRY_DISTANCE_SHARE_MAX;
  return { code: ReasonCode.PRICE_IMPLAUSIBLE, passed, value: null, limit: null };
}

/** Value and limit in minutes, begun ones counted whole. */
function staleCheck({ features, config, event_us }: Proposal): RiskCheck {
  const code = ReasonCode.PRICE_STALE;
  const limit_us = STALE_AFTER_BARS * config.bar_interval_us;
  const limit = Math.floor(limit_us / MINUTE_US);
  if (features.last_close_us === null) return { code, passed: false, value: null, limit };
  const age_us = event_us - features.last_close_us;
  return { code, passed: age_us <= limit_us, value: Math.ceil(age_us / MINUTE_US), limit };
}

/** A decision that may never be provable must not open risk (architecture.md section 8). */
function auditCheck({ audit_behind }: Proposal): RiskCheck {
  return { code: ReasonCode.AUDIT_BEHIND, passed: !audit_behind, value: null, limit: null };
}
