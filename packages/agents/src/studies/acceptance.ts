import { closedFormSizing, gridOptimum, sizingCvar, sizingValue } from '../environments/sizing-optimum.js';
import { cartPoleStudy } from './cart-pole-study.js';
import { fatTailedStudy } from './fat-tailed-study.js';
import { offPolicySizingStudy } from './off-policy-sizing-study.js';
import { pendulumStudy } from './pendulum-study.js';
import { CONFIDENCE, ONE_REGIME, TWO_REGIMES, sizingStudy, type SizingResult } from './sizing-study.js';

/** One training of the acceptance, as plain data: it is done in a thread of its own. */
export type StudyTask =
  | { readonly study: 'cart_pole' | 'fat_tailed' | 'pendulum' | 'off_policy'; readonly seed: string }
  /** `limit` null: plain PPO, which must exceed the limit of the others. */
  | { readonly study: 'closed_form'; readonly limit: number | null; readonly seed: string }
  | { readonly study: 'two_regimes'; readonly limit: number; readonly seed: string };

/** What a training came to, and whether it is within its bounds. */
export interface StudyOutcome {
  readonly holds: boolean;
  /** Figures for people, and for programs what they are made of. */
  readonly said: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** Bounds of the acceptance: learning.md, sections 5 and 8. */
export const BOUNDS = {
  cartPoleSteps: 200_000,
  pendulumSteps: 30_000,
  cvarShare: 0.03,
  sizeShare: [-0.1, 0.02],
  lambdaShare: 0.2,
  slackValueShare: 0.97,
  regimeValueShare: 0.95,
  regimeCvarShare: 1.02,
  offPolicySizeShare: 0.1,
} as const;

/** The limit that holds nothing back, and the one that plain PPO must exceed. */
export const SLACK_LIMIT = 9;
const TIGHTEST_LIMIT_BROKEN = 2;

/** Trains once and compares. The same task gives the same outcome. */
export function runStudyTask(task: StudyTask): StudyOutcome {
  const { seed } = task;
  switch (task.study) {
    case 'cart_pole':
      return solved(cartPoleStudy(seed, BOUNDS.cartPoleSteps));
    case 'pendulum':
      return solved(pendulumStudy(seed, BOUNDS.pendulumSteps));
    case 'closed_form':
      return closedForm(task.limit, sizingStudy(ONE_REGIME, task.limit, seed));
    case 'two_regimes':
      return twoRegimes(task.limit, sizingStudy(TWO_REGIMES, task.limit, seed));
    case 'fat_tailed':
      return fatTailed(seed);
    case 'off_policy':
      return offPolicy(offPolicySizingStudy(seed));
  }
}

function solved({
  solvedAt,
  best,
}: {
  readonly solvedAt: number | null;
  readonly best: number;
}): StudyOutcome {
  const said =
    solvedAt === null
      ? `not reached, best ${best.toFixed(1)}`
      : `after ${solvedAt} steps: ${best.toFixed(1)}`;
  return { holds: solvedAt !== null, said, figures: { solved_at: solvedAt, best } };
}

/** Compares with the closed form; exported so that the bounds are tested apart from a training. */
export function closedForm(limit: number | null, { sizes, lambda, batchCvar }: SizingResult): StudyOutcome {
  const size = sizes[0] ?? NaN;
  const figures = { size, lambda, batch_cvar: batchCvar };
  const cvar = `CVaR ${batchCvar.toFixed(3)}`;
  if (limit === null) {
    return { holds: batchCvar > TIGHTEST_LIMIT_BROKEN, said: `size ${size.toFixed(3)}, ${cvar}`, figures };
  }
  const best = closedFormSizing(ONE_REGIME, CONFIDENCE, limit);
  const share = size / best.size - 1;
  const of = `size ${size.toFixed(3)} of ${best.size.toFixed(3)} (${percent(share)})`;
  if (best.lambda === 0) {
    const value = sizingValue(ONE_REGIME, [size]) / sizingValue(ONE_REGIME, [best.size]);
    return {
      holds: lambda === 0 && value >= BOUNDS.slackValueShare,
      said: `${of}, lambda ${lambda.toFixed(3)}, ${cvar}, value ${(100 * value).toFixed(1)} % of the best`,
      figures,
    };
  }
  const lambdaShare = lambda / best.lambda - 1;
  const cvarShare = batchCvar / limit - 1;
  const [low, high] = BOUNDS.sizeShare;
  return {
    holds:
      Math.abs(cvarShare) <= BOUNDS.cvarShare &&
      share >= low &&
      share <= high &&
      Math.abs(lambdaShare) <= BOUNDS.lambdaShare,
    said: `${of}, lambda ${lambda.toFixed(4)} of ${best.lambda.toFixed(4)} (${percent(lambdaShare)}), ${cvar} (${percent(cvarShare)})`,
    figures,
  };
}

/** Compares with the best of a grid. */
export function twoRegimes(limit: number, { sizes }: SizingResult, steps?: number): StudyOutcome {
  const best = gridOptimum(TWO_REGIMES, CONFIDENCE, limit, steps);
  const value = sizingValue(TWO_REGIMES, sizes) / best.value;
  const cvar = sizingCvar(TWO_REGIMES, sizes, CONFIDENCE);
  const [calm, volatile] = [sizes[0] ?? NaN, sizes[1] ?? NaN];
  const text = (pair: readonly number[]): string => `(${pair.map((size) => size.toFixed(2)).join(', ')})`;
  return {
    holds: value >= BOUNDS.regimeValueShare && cvar <= BOUNDS.regimeCvarShare * limit && calm > volatile,
    said: `sizes ${text(sizes)} of ${text(best.sizes)}, value ${(100 * value).toFixed(1)} % of the best, exact CVaR ${cvar.toFixed(3)}`,
    figures: { calm, volatile, value_share: value, cvar },
  };
}

/** A single pair proves nothing: it holds where the tail is lighter, and the pairs are judged together. */
function fatTailed(seed: string): StudyOutcome {
  const { plain, limited, lambda } = fatTailedStudy(seed);
  const both = (name: 'meanDrawdown' | 'meanReturn'): string =>
    `${limited[name].toFixed(2)} against ${plain[name].toFixed(2)}`;
  const tails = [limited, plain].map(({ cvar, cvarInterval: interval }) =>
    interval === null
      ? cvar.toFixed(2)
      : `${cvar.toFixed(2)} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`,
  );
  return {
    holds: limited.cvar < plain.cvar && limited.meanDrawdown < plain.meanDrawdown,
    said: `CVaR ${tails.join(' against ')}, drawdown ${both('meanDrawdown')}, return ${both('meanReturn')}, lambda ${lambda.toFixed(2)}`,
    figures: {
      cvar: limited.cvar - plain.cvar,
      drawdown: limited.meanDrawdown - plain.meanDrawdown,
      worst_drawdown: limited.worstDrawdown - plain.worstDrawdown,
      return: limited.meanReturn - plain.meanReturn,
      plain_cvar: plain.cvar,
      plain_drawdown: plain.meanDrawdown,
      plain_worst_drawdown: plain.worstDrawdown,
      plain_return: plain.meanReturn,
      limited_cvar: limited.cvar,
    },
  };
}

function offPolicy(size: number): StudyOutcome {
  const best = ONE_REGIME.mu / ONE_REGIME.cost;
  const share = size / best - 1;
  return {
    holds: Math.abs(share) <= BOUNDS.offPolicySizeShare,
    said: `size ${size.toFixed(3)} of ${best.toFixed(3)} (${percent(share)})`,
    figures: { size },
  };
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;
}
