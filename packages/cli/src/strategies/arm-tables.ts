import { RegimeStateName, StrategyName } from '@bellwether/contracts';
import { plainTable } from '../plain-table.js';
import { ADJUSTED_P_MAX, verdictOf, type ArmFigures } from './arm-statistics.js';

const signed = (value: number | null): string =>
  value === null ? '' : `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
const percent = (value: number | null): string => (value === null ? '' : `${(100 * value).toFixed(1)} %`);
const plain = (value: number | null): string => (value === null ? '' : value.toFixed(2));

const range = (interval: readonly [number, number] | null, show: (value: number) => string): string =>
  interval === null ? '' : `${show(interval[0])} to ${show(interval[1])}`;

const HEAD = [
  ...['arm', 'regime', 'trades', 'hits', '95 % interval', 'mean R', '95 % interval'],
  ...['adjusted p', 'costs/R', 'MAE R', 'MFE R', ''],
];

/** `ps`: the adjusted p of each row, in their order. */
export function renderFigures(figures: readonly ArmFigures[], ps: readonly (number | null)[]): string {
  const rows = figures.map((one, i) => [
    StrategyName[one.strategy],
    one.regime === null ? 'all' : RegimeStateName[one.regime].toLowerCase(),
    one.trades,
    percent(one.hitRate),
    range(one.hitInterval, (value) => (100 * value).toFixed(0)),
    signed(one.meanR),
    range(one.interval, signed),
    ps[i] == null ? '' : ps[i].toFixed(3),
    percent(one.costShare),
    plain(one.maeR),
    plain(one.mfeR),
    one.trades === 0 ? 'no trade' : verdictOf(one, ps[i] ?? null),
  ]);
  return plainTable(HEAD, rows, [2, 3, 5, 7, 8, 9, 10]);
}

/** One sentence over all rows: how many were looked at, and whether any is more than the best of so many by chance. */
export function renderClaim(figures: readonly ArmFigures[], ps: readonly (number | null)[]): string {
  const judged = figures.filter(({ interval }) => interval !== null).length;
  const alone = figures.filter(({ interval }) => interval !== null && interval[0] > 0).length;
  const held = figures.filter(
    ({ interval }, i) => interval !== null && interval[0] > 0 && (ps[i] ?? 1) < ADJUSTED_P_MAX,
  ).length;
  const least = ps.reduce<number>((low, p) => Math.min(low, p ?? 1), 1);
  const looked =
    `${judged} of ${figures.length} rows have an interval; ${alone} of them lie above zero alone. Adjusted for all of them ` +
    `(Romano and Wolf, 2,000 draws of days) the smallest p is ${least.toFixed(3)}`;
  return held === 0
    ? `No evidence of edge in any arm or regime: ${looked}.`
    : `${held} rows gain in these data: ${looked}. It says nothing of other data.`;
}
