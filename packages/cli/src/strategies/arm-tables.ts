import { RegimeStateName, StrategyName } from '@bellwether/contracts';
import { plainTable } from '../plain-table.js';
import { verdictOf, type ArmFigures } from './arm-statistics.js';

const signed = (value: number | null): string =>
  value === null ? '' : `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
const percent = (value: number | null): string => (value === null ? '' : `${(100 * value).toFixed(1)} %`);
const plain = (value: number | null): string => (value === null ? '' : value.toFixed(2));

const HEAD = ['arm', 'regime', 'trades', 'hits', 'mean R', '95 % interval', 'costs/R', 'MAE R', 'MFE R', ''];

export function renderFigures(figures: readonly ArmFigures[]): string {
  const rows = figures.map((one) => [
    StrategyName[one.strategy],
    one.regime === null ? 'all' : RegimeStateName[one.regime].toLowerCase(),
    one.trades,
    percent(one.hitRate),
    signed(one.meanR),
    one.interval === null ? '' : `${signed(one.interval[0])} to ${signed(one.interval[1])}`,
    percent(one.costShare),
    plain(one.maeR),
    plain(one.mfeR),
    one.trades === 0 ? 'no trade' : verdictOf(one),
  ]);
  return plainTable(HEAD, rows, [2, 3, 4, 6, 7, 8]);
}
