import type { BookConfig } from '@bellwether/contracts';
import { missingFigure, type ReportBody } from '@bellwether/backtest-report';
import { outcomesByStart, resampledOutcomes, type Measure, type OutcomeShares } from '@bellwether/statistics';
import type { DayRow } from './day-book.js';
import { REPORT_SEED } from './report-builder.js';

/** Profit of an evaluation where no other is asked for: 3,000 USD of 50,000 (domain.md 2.1). */
const TARGET_SHARE = 0.06;

type PropFirm = ReportBody['prop_firm'];
type Shares = Exclude<PropFirm, { missing: string }>['by_start'];

/** How often days like these pass or breach the account of the book. */
export function propFirmOf(
  config: BookConfig,
  days: readonly DayRow[],
  target_cents: number | null,
): PropFirm {
  const profile = config.account;
  if (profile === null) return missingFigure('no_profile');
  const target = target_cents ?? Math.round(TARGET_SHARE * profile.start_balance_cents);
  const rules = { profile, target_cents: target };
  const played = days.map(({ net_cents, worst_cents, best_cents }) => ({
    net_cents,
    worst_cents,
    best_cents,
  }));
  return {
    profile: profile.name,
    target_cents: target,
    by_start: sharesOf(outcomesByStart(played, rules)),
    resampled: sharesOf(resampledOutcomes(played, rules, { seed: REPORT_SEED })),
  };
}

function sharesOf(outcomes: Measure<OutcomeShares>): Shares {
  if (outcomes.missing !== null) return missingFigure(outcomes.missing);
  const { evaluations, passed, breached, open, daysToPass } = outcomes.value;
  return { evaluations, passed, breached, open, days_to_pass: daysToPass };
}
