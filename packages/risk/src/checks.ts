import {
  ReasonCode,
  Side,
  type FeaturesPart,
  type Latches,
  type PortfolioPart,
  type RiskCheck,
  type Setup,
} from '@bellwether/contracts';
import { minuteOfSession, type Instrument, type TradeSession } from '@bellwether/market';
import { PRICE_TICKS_MAX } from '@bellwether/portfolio';
import { accountChecks } from './account-checks.js';
import { capChecks } from './cap-checks.js';
import type { Exposure } from './exposure.js';
import type { OpenRisk } from './open-risk.js';
import type { BookRules } from './state.js';
import { entriesAllowed, lastEntryMinute } from './trading-window.js';

const MINUTE_US = 60_000_000;

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
  /** What is traded: the contract of the setup, or its micro. */
  readonly instrument: Instrument;
  readonly config: BookRules;
  readonly latches: Latches;
  readonly dry_run: boolean;
  readonly audit_behind: boolean;
  readonly portfolio: PortfolioPart;
  readonly session: TradeSession | null;
  readonly exposure: Exposure;
  readonly open_risk: OpenRisk;
  /** What one contract loses at its stop, costs included. */
  readonly planned_loss_cents: number;
  readonly correlation: number;
  readonly jumped: boolean;
  readonly features: FeaturesPart;
}

/** A check that may take contracts away: it passes while one fits. */
export interface Cap {
  readonly check: RiskCheck;
  /** Contracts of the proposal that it leaves room for. */
  readonly fits: number;
}

export interface Verdict {
  /** All checks in their order, the binding one included. */
  readonly checks: readonly RiskCheck[];
  /** Contracts that may be entered; 0 with the binding reason. */
  readonly size: number;
  readonly reason: ReasonCode;
}

/**
 * All checks in the order of domain.md 2.3. The first that does not pass binds. Caps pass while one contract fits and
 * take the rest away: then `value` is above `limit` in a check that passed.
 */
export function checkEntry(proposal: Proposal): Verdict {
  const { broker, headroom, soft, heat } = accountChecks(proposal);
  const caps = capChecks(proposal);
  const before = [
    windowCheck(proposal),
    ...broker,
    headroom.check,
    soft,
    heat.check,
    ...caps.map(({ check }) => check),
    plausibleCheck(proposal),
    staleCheck(proposal),
    newsCheck(proposal),
    auditCheck(proposal),
  ];
  const fits = Math.min(headroom.fits, heat.fits, ...caps.map((cap) => cap.fits));
  const left = Math.min(proposal.contracts, fits);
  const least = { code: ReasonCode.MIN_SIZE, passed: left >= 1, value: Math.max(0, left), limit: 1 };
  const checks = [...before, least];
  const binding = checks.find(({ passed }) => !passed);
  if (binding !== undefined) return { checks, size: 0, reason: binding.code };
  return { checks, size: left, reason: ReasonCode.OK };
}

/** Value and limit in minutes of the session; both unset outside of it. */
function windowCheck({ session, config, event_us }: Proposal): RiskCheck {
  const code = ReasonCode.FLAT_WINDOW;
  if (session === null) return { code, passed: false, value: null, limit: null };
  return {
    code,
    passed: entriesAllowed(session, config, event_us),
    value: minuteOfSession(session, event_us),
    limit: lastEntryMinute(session, config),
  };
}

/**
 * Positive prices that an index can have, the stop on the side of the loss, the target on that of the profit, the entry
 * near the market, and a last bar that did not jump farther than the exchange lets it.
 */
function plausibleCheck({ setup, features, jumped }: Proposal): RiskCheck {
  const sign = setup.side === Side.SHORT ? -1 : 1;
  const { entry_ticks, stop_ticks, target_ticks } = setup;
  const last = features.last_close_ticks;
  const prices = [last ?? 0, entry_ticks, stop_ticks, target_ticks ?? entry_ticks];
  const passed =
    features.symbol === setup.symbol &&
    last !== null &&
    !jumped &&
    prices.every((price) => Number.isSafeInteger(price) && price > 0 && price <= PRICE_TICKS_MAX) &&
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

/**
 * Trading through releases is allowed at own risk. A book that wants none needs a calendar that covers the time. Value: whole
 * minutes to the nearest tier-1 release, begun ones counted; unset where the calendar knows none. Limit: minutes.
 */
function newsCheck({ config, features, event_us }: Proposal): RiskCheck {
  const code = ReasonCode.NEWS;
  const limit = config.account.news_block_minutes;
  const { releases } = features;
  if (releases === null) return { code, passed: limit === 0, value: null, limit };
  const away_us = Math.min(
    releases.next_us === null ? Infinity : releases.next_us - event_us,
    releases.last_us === null ? Infinity : event_us - releases.last_us,
  );
  const value = Number.isFinite(away_us) ? Math.ceil(away_us / MINUTE_US) : null;
  return { code, passed: limit === 0 || away_us > limit * MINUTE_US, value, limit };
}

/** A decision that may never be provable must not open risk (architecture.md section 8). */
function auditCheck({ audit_behind }: Proposal): RiskCheck {
  return { code: ReasonCode.AUDIT_BEHIND, passed: !audit_behind, value: null, limit: null };
}
