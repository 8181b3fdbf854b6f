import { ReasonCode } from '@bellwether/contracts';
import type { Cap, Proposal } from './checks.js';
import { microsOf } from './exposure.js';

/** The caps on contracts, in the order in which they stand among the checks. */
export function capChecks(proposal: Proposal): readonly Cap[] {
  return [symbolCap(proposal), totalCap(proposal), scalingCap(proposal), dayCap(proposal), stepCap(proposal)];
}

/** Caps are in minis. Value: contracts of this symbol that would count; limit: how many may. */
function cap(code: ReasonCode, proposal: Proposal, minis: number, used_micros: number): Cap {
  const { contracts, instrument, config } = proposal;
  const unit = microsOf(instrument, config.account);
  const limit_micros = minis * config.account.micros_per_mini;
  const fits = Math.max(0, Math.floor((limit_micros - used_micros) / unit));
  const value = Math.ceil(used_micros / unit) + contracts;
  const limit = Math.floor(limit_micros / unit);
  return { check: { code, passed: fits >= 1, value, limit }, fits };
}

function symbolCap(proposal: Proposal): Cap {
  const { limits } = proposal.config;
  const { family } = proposal.instrument;
  const minis = family === 'ES' ? limits.max_es_contracts : limits.max_nq_contracts;
  return cap(ReasonCode.CAP_SYMBOL, proposal, minis, proposal.exposure.family_micros(family));
}

function totalCap(proposal: Proposal): Cap {
  const { max_total_contracts } = proposal.config.limits;
  return cap(ReasonCode.CAP_TOTAL, proposal, max_total_contracts, proposal.exposure.total_micros);
}

/** The level of the scaling plan, fixed for the trade date; without a plan the largest position of the firm. */
function scalingCap(proposal: Proposal): Cap {
  const { max_position_minis } = proposal.config.account;
  const minis = Math.min(proposal.portfolio.account?.scaling_minis ?? max_position_minis, max_position_minis);
  return cap(ReasonCode.CAP_SCALING, proposal, minis, proposal.exposure.total_micros);
}

/**
 * Contracts bought and sold in the trade date. Those that are open will be sold, those that are ordered bought and sold.
 */
function dayCap({ portfolio, exposure, contracts, config }: Proposal): Cap {
  const limit = config.account.max_day_contracts;
  const traded = portfolio.account?.day_contracts ?? 0;
  const used = traded + exposure.open_contracts + 2 * exposure.unfilled_contracts;
  const fits = Math.max(0, Math.floor((limit - used) / 2));
  const check = { code: ReasonCode.CAP_DAILY, passed: fits >= 1, value: used + 2 * contracts, limit };
  return { check, fits };
}

function stepCap(proposal: Proposal): Cap {
  return cap(ReasonCode.CAP_STEP, proposal, proposal.config.limits.max_step_contracts, 0);
}
