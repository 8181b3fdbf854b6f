import type { PortfolioPart } from '@bellwether/contracts';
import { heatOf } from './heat.js';
import { openRiskOf } from './open-risk.js';
import { correlationOf } from './prices.js';
import type { RiskState } from './state.js';

/** How the account stands, and how it would if everything open and ordered were filled and stopped. */
export interface Outlook {
  readonly headroom_cents: number | null;
  /** Null where a position has no stop. */
  readonly headroom_after_cents: number | null;
  readonly heat: number | null;
}

const UNKNOWN: Outlook = { headroom_cents: null, headroom_after_cents: null, heat: null };

/** Of the orders that `state` knows: with a new entry in it, this is the account after that entry. */
export function outlookOf(state: RiskState, portfolio: PortfolioPart | null): Outlook {
  const account = portfolio?.account ?? null;
  const { config } = state;
  if (portfolio === null || account === null || config === null) return UNKNOWN;
  const { headroom_cents } = account;
  if (portfolio.positions.length === 0 && state.entries.length === 0) {
    return { headroom_cents, headroom_after_cents: headroom_cents, heat: 0 };
  }
  const { stopped_cents, shares } = openRiskOf(portfolio, state, config);
  const correlation = correlationOf(state.prices, config.account.correlation_min);
  return {
    headroom_cents,
    headroom_after_cents:
      stopped_cents === null ? null : account.balance_cents + stopped_cents - account.floor_cents,
    heat: stopped_cents === null ? null : heatOf(shares, headroom_cents, correlation),
  };
}
