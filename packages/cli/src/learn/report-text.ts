import { RegimeStateName, SelectionName, StrategyName } from '@bellwether/contracts';
import { estimateText, refusalText } from '../bandit/evaluation-text.js';
import { MULTIPLIER_MAX } from '@bellwether/model-slots';
import { plainTable } from '../plain-table.js';
import { SYNTHETIC_LINE } from '../replay/report.js';
import type {
  ArmBelief,
  LearnReport,
  SincePromotion,
  SizingPicture,
  StretchFigures,
} from './report-model.js';

const R_DIGITS = 3;
const LEVELS = '▁▂▃▄▅▆▇█';

export const inR = (value: number | null): string => (value === null ? '' : value.toFixed(R_DIGITS));
export const percent = (share: number | null): string =>
  share === null ? '' : `${(100 * share).toFixed(1)} %`;
export const beliefText = (belief: ArmBelief | null): string =>
  belief === null ? '' : `${inR(belief.expected_r)} ± ${inR(belief.doubt_r)}`;
const timeText = (us: number): string => new Date(us / 1_000).toISOString().slice(0, 16).replace('T', ' ');

/** A line of blocks; a point is where nothing is known. */
export function spark(values: readonly (number | null)[]): string {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const top = LEVELS.length - 1;
  return values
    .map((value) => {
      if (value === null) return '·';
      return LEVELS[high > low ? Math.round((top * (value - low)) / (high - low)) : 0]!;
    })
    .join('');
}

export const REGIME_HEAD = [
  ...['regime', 'arm', 'live', 'chosen', 'probability', 'at the last', 'trades', 'mean R'],
  ...['LinUCB says', 'over the trunk'],
] as const;
export const REGIME_RIGHT = [2, 3, 4, 5, 6, 7, 8, 9] as const;

export function regimeCells({ regimes }: LearnReport): readonly (readonly string[])[] {
  return regimes.flatMap(({ regime, choices, arms }) =>
    arms.map((arm, i) => [
      i === 0 ? `${RegimeStateName[regime]} (${choices})` : '',
      ...[StrategyName[arm.strategy], String(arm.live), String(arm.chosen)],
      ...[percent(arm.probability), percent(arm.probability_last), String(arm.trades), inR(arm.mean_r)],
      ...[beliefText(arm.linear), beliefText(arm.trunk)],
    ]),
  );
}

export const REGRET_HEAD = ['policy', 'doubly robust', 'effective choices'] as const;

export function regretCells({ regret }: LearnReport): readonly (readonly string[])[] {
  return regret.fixed.map((one) => [
    one.policy,
    one.refused === null ? estimateText(one.dr) : refusalText(one.refused, one.support),
    one.support.effective.toFixed(0),
  ]);
}

export function regretLine({ regret, choices }: LearnReport): string {
  const { logged_r, best } = regret;
  if (logged_r === null) return 'Nothing was chosen.';
  const own = `The book earned ${inR(logged_r)} R a choice over ${choices} choices.`;
  if (best === null) return `${own} No fixed arm can be judged by so thin a log: the regret is not known.`;
  return `${own} The best fixed arm in hindsight is ${best.policy} with ${inR(best.value_r)} R a choice: a regret of ${best.regret_r.toFixed(1)} R${best.regret_r < 0 ? ', which is a gain' : ''}.`;
}

export const SINCE_HEAD = ['', 'choices', 'trades', 'mean R', 'exploration', 'shares of the arms'] as const;

export function sinceCells({ before, after }: SincePromotion): readonly (readonly string[])[] {
  const cells = (name: string, { choices, trades, mean_r, exploration, shares }: StretchFigures) => [
    ...[name, String(choices), String(trades), inR(mean_r), percent(exploration)],
    shares.map(({ strategy, share }) => `${StrategyName[strategy]} ${percent(share)}`).join(', '),
  ];
  return [cells('before', before), cells('after', after)];
}

export function sinceLine({ promotion }: SincePromotion): string {
  return `${promotion.model} ${promotion.version} took its place at ${timeText(promotion.at_us)} UTC (${promotion.cause}).`;
}

export function summaryLine(report: LearnReport): string {
  const { book, frames, from_us, to_us, choices, trades, open, without_risk, selection, trunk } = report;
  const over = trunk === null ? 'no trunk is champion' : `posteriors over strategy_selection ${trunk}`;
  return `book ${book}, ${SelectionName[selection]}: ${frames} decisions from ${timeText(from_us)} to ${timeText(to_us)} UTC, ${choices} choices, ${trades} trades; left out: ${open} still open, ${without_risk} without known risk; ${over}`;
}

export function explorationLine({ exploration: { several, explored } }: LearnReport): string {
  if (several === 0) return 'No choice was between several arms.';
  return `${explored} of ${several} choices between several arms were not of the most probable one: ${percent(explored / several)}.`;
}

/** Headroom to the right, confidence downwards; the darker the larger. */
function sizingText({ version, confidences, headrooms_r, grids }: SizingPicture): string {
  const tables = grids.map(({ regime, multipliers }) => {
    const rows = multipliers.map((row, i) => [
      confidences[i]!.toFixed(2),
      ...row.map((value) => value.toFixed(2)),
      spark([0, ...row, MULTIPLIER_MAX]).slice(1, -1),
    ]);
    const head = [`${regime}: confidence`, ...headrooms_r.map((value) => `${value} R`), ''];
    return plainTable(
      head,
      rows,
      headrooms_r.map((_, i) => i + 1),
    );
  });
  return [
    `Multiplier of the base size that rl/cvar_ppo_agent ${version} says, by headroom; no profit or loss yet, half of the session left.`,
    ...tables,
  ].join('\n\n');
}

export function reportText(report: LearnReport): string {
  const { synthetic, since, sizing, exploration, regret } = report;
  const nothing = report.choices === 0;
  return [
    ...(synthetic ? [SYNTHETIC_LINE, ''] : []),
    summaryLine(report),
    report.evidence,
    '',
    ...(nothing
      ? ['Nothing was chosen: there is nothing to learn from.']
      : [
          plainTable([...REGIME_HEAD], regimeCells(report), [...REGIME_RIGHT]),
          '',
          regretLine(report),
          `earned so far  ${spark(regret.earned)}`,
          '',
          plainTable([...REGRET_HEAD], regretCells(report), [2]),
        ]),
    '',
    explorationLine(report),
    ...(exploration.several === 0 ? [] : [`its course     ${spark(exploration.course)}`]),
    '',
    ...(since === null
      ? ['No model took a place while this was written.']
      : [sinceLine(since), '', plainTable([...SINCE_HEAD], sinceCells(since), [1, 2, 3, 4])]),
    '',
    typeof sizing === 'string' ? `No picture of the sizing: ${sizing}.` : sizingText(sizing),
  ].join('\n');
}
