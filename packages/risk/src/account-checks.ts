import { ReasonCode, type RiskCheck } from '@bellwether/contracts';
import type { Cap, Proposal } from './checks.js';
import { heatOf } from './heat.js';
import { judgedPnlCents } from './latches.js';

/** The checks of the account itself, in the order in which they stand among all. */
export interface AccountChecks {
  readonly broker: readonly RiskCheck[];
  readonly headroom: Cap;
  readonly soft: RiskCheck;
  readonly heat: Cap;
}

export function accountChecks(proposal: Proposal): AccountChecks {
  return {
    broker: [
      brokerCheck(proposal),
      reconcileCheck(proposal),
      breachCheck(proposal),
      killCheck(proposal),
      dryRunCheck(proposal),
    ],
    headroom: headroomCap(proposal),
    soft: softCheck(proposal),
    heat: heatCap(proposal),
  };
}

const yesNo = (code: ReasonCode, passed: boolean): RiskCheck => ({ code, passed, value: null, limit: null });

function brokerCheck({ portfolio }: Proposal): RiskCheck {
  return yesNo(ReasonCode.BROKER_CLOSED, portfolio.account?.can_trade ?? true);
}

function reconcileCheck({ portfolio }: Proposal): RiskCheck {
  return yesNo(ReasonCode.RECONCILE, portfolio.reconciliation?.matched ?? true);
}

/** Value: the worst equity; limit: the floor. Both in cents. */
function breachCheck({ portfolio }: Proposal): RiskCheck {
  const account = portfolio.account;
  return {
    code: ReasonCode.ACCOUNT_BREACHED,
    passed: account !== null && !account.breached,
    value: account?.worst_equity_cents ?? null,
    limit: account?.floor_cents ?? null,
  };
}

function killCheck({ latches, portfolio, config }: Proposal): RiskCheck {
  const limit = -config.limits.daily_kill_loss_cents;
  const value = judgedPnlCents(portfolio);
  const passed = latches.kill_trade_date !== portfolio.day?.trade_date && value > limit;
  return { code: ReasonCode.KILL_LATCHED, passed, value, limit };
}

function dryRunCheck({ dry_run }: Proposal): RiskCheck {
  return yesNo(ReasonCode.DRY_RUN, !dry_run);
}

function softCheck({ latches, portfolio, config }: Proposal): RiskCheck {
  const limit = -config.limits.daily_soft_loss_cents;
  const value = judgedPnlCents(portfolio);
  const passed = latches.soft_trade_date !== portfolio.day?.trade_date && value > limit;
  return { code: ReasonCode.DAILY_SOFT_LOSS, passed, value, limit };
}

/**
 * What is left above the floor if everything is filled and stopped, the proposal included. Value: that, for all contracts
 * proposed; limit: the least that must be left. Both in cents.
 */
function headroomCap({ portfolio, open_risk, planned_loss_cents, contracts, config }: Proposal): Cap {
  const limit = config.account.min_headroom_cents;
  const code = ReasonCode.HEADROOM;
  const { account } = portfolio;
  const { stopped_cents } = open_risk;
  if (account === null || stopped_cents === null || !(planned_loss_cents > 0)) {
    return { check: { code, passed: false, value: null, limit }, fits: 0 };
  }
  const before = account.balance_cents + stopped_cents - account.floor_cents;
  const fits = Math.max(0, Math.floor((before - limit) / planned_loss_cents));
  const value = inCents(before - contracts * planned_loss_cents);
  return { check: { code, passed: fits >= 1, value, limit }, fits };
}

/** A number that a message can hold, whatever size was proposed. */
function inCents(value: number): number | null {
  return Number.isSafeInteger(value) ? value : null;
}

const HUNDREDTHS_OF_A_PERCENT = 10_000;

/**
 * Open risk over headroom with the proposal. All of it while that is at most `heat_reduce`; above it what still fits, one
 * contract at least as long as it stays within `heat_block`. Value and limit in hundredths of a per cent. Where the book
 * has switched heat off, nothing binds.
 */
function heatCap(proposal: Proposal): Cap {
  const { portfolio, config, contracts } = proposal;
  const code = ReasonCode.HEAT;
  const { heat_reduce, heat_block } = config.account;
  const limit = Math.round(heat_block * HUNDREDTHS_OF_A_PERCENT);
  const headroom = portfolio.account?.headroom_cents ?? 0;
  if (config.streams?.heat === false) {
    return { check: { code, passed: true, value: null, limit }, fits: contracts };
  }
  const after = (size: number): number => heatAfter(proposal, headroom, size) ?? Number.POSITIVE_INFINITY;
  let fits = 0;
  if (after(1) <= heat_block) {
    fits = 1;
    let above = contracts + 1;
    // The largest size within heat_reduce: heat only grows with it.
    while (above - fits > 1) {
      const middle = Math.floor((fits + above) / 2);
      if (after(middle) <= heat_reduce) fits = middle;
      else above = middle;
    }
  }
  const heat = after(contracts) * HUNDREDTHS_OF_A_PERCENT;
  const value = Number.isFinite(heat) ? inCents(Math.ceil(heat)) : null;
  return { check: { code, passed: fits >= 1, value, limit }, fits };
}

/** The heat with so many contracts of the proposal. */
export function heatAfter(proposal: Proposal, headroom_cents: number, size: number): number | null {
  const { open_risk, instrument, setup, planned_loss_cents, correlation } = proposal;
  const own = { family: instrument.family, side: setup.side, risk_cents: size * planned_loss_cents };
  return heatOf([...open_risk.shares, own], headroom_cents, correlation);
}
