/**
 * Goal: the parts that a report is made of: figures, groups, bins, days that are shown.
 * Method: small inputs whose answers are known by hand.
 */
import { describe, expect, it } from '@jest/globals';
import { candleDays } from './candle-days.js';
import { estimateOf, figureOf, intervalOf, valueOf } from './figures.js';
import { inventedReport } from './invented-report-for-tests.js';
import { thinned } from './page/thinned.js';
import { reportStatistics } from './report-statistics.js';
import { groupTrades, hourKey, rHistogram, weekdayKey } from './trade-groups.js';

const OPTIONS = { seed: 'groups', resamples: 100, level: 0.9 };
const TRADE = {
  opened_us: Date.UTC(2025, 9, 3, 13, 30) * 1_000,
  date: 20_251_003,
  ...{ net_cents: 100, fees_cents: 10, slippage_cents: 15, risk_cents: 50, r: 2 as number | null },
};

describe('figures', () => {
  it('are numbers or reasons, never both', () => {
    expect(figureOf({ value: 1, missing: null })).toEqual({ value: 1 });
    expect(figureOf({ value: null, missing: 'too_few' })).toEqual({ missing: 'too_few' });
    const point = { value: 1, missing: null };
    const none = { value: null, missing: 'unstable' } as const;
    const both = { value: { low: 0, high: 2 }, missing: null };
    expect(estimateOf({ point, interval: both })).toEqual({ value: 1, low: 0, high: 2 });
    expect(estimateOf({ point, interval: none })).toEqual({ value: 1, interval_missing: 'unstable' });
    expect(estimateOf({ point: none, interval: both })).toEqual({ missing: 'unstable' });
    expect([valueOf({ missing: 'too_few' }), intervalOf({ value: 1, interval_missing: 'too_few' })]).toEqual([
      null,
      null,
    ]);
  });

  it('of too few days are missing with their reason', () => {
    const trials = { count: 1, sharpes: [], effective: { missing: 'one_variant' }, scope: 'none' } as const;
    const rest = {
      seed: 's',
      resamples: 50,
      trials,
      pbo: trials.effective,
      reality_check_p: trials.effective,
    };
    const none = reportStatistics({ ...rest, days: [] });
    expect([none.sharpe, none.dsr, none.psr]).toEqual([
      { missing: 'too_few' },
      { missing: 'too_few' },
      { missing: 'too_few' },
    ]);
    expect(reportStatistics({ ...rest, days: [0, 0, 0] }).sharpe).toEqual({ missing: 'zero_variance' });
  });
});

describe('groups of trades', () => {
  it('have counts, money, mean R, hit rate and costs in R', () => {
    const lost = { ...TRADE, net_cents: -60, r: -1 };
    const [group] = groupTrades([TRADE, lost, { ...TRADE, r: null, risk_cents: null }], () => 's2', OPTIONS);
    expect(group).toMatchObject({
      ...{ key: 's2', trades: 3, wins: 2, net_cents: 140, fees_cents: 30 },
      mean_r: { value: 0.5, interval_missing: 'too_few' },
      cost_r: { value: 0.5 },
    });
    expect(group?.hit).toMatchObject({ value: 2 / 3 });
  });

  it('say why a figure is missing', () => {
    const unknown = { ...TRADE, r: null, risk_cents: null };
    expect(groupTrades([unknown], () => 'a', OPTIONS)[0]).toMatchObject({
      ...{ mean_r: { missing: 'no_risk_known' }, cost_r: { missing: 'no_risk_known' } },
    });
    const outside = { ...TRADE, slippage_cents: null };
    expect(groupTrades([outside], () => 'a', OPTIONS)[0]?.cost_r).toEqual({ missing: 'outside_fills' });
    const alike = Array.from({ length: 30 }, () => TRADE);
    expect(groupTrades(alike, () => 'a', OPTIONS)[0]?.mean_r).toMatchObject({ value: 2 });
    expect(intervalOf(groupTrades(alike, () => 'a', OPTIONS)[0]!.mean_r)).toBeNull();
  });

  it('are by hour of Chicago and by weekday of the trade date', () => {
    // Daylight time, then standard time.
    expect(hourKey(TRADE.opened_us)).toBe('08');
    expect(hourKey(Date.UTC(2025, 0, 3, 13, 30) * 1_000)).toBe('07');
    expect([20_251_003, 20_251_006].map(weekdayKey)).toEqual(['fri', 'mon']);
  });

  it('add up to all trades, in the order of arms and of the week', () => {
    const { groups, trades } = inventedReport({ days: 40, trades: 200 });
    for (const own of Object.values(groups)) {
      expect(own.reduce((sum, group) => sum + group.trades, 0)).toBe(trades.length);
    }
    expect(groups.weekdays.map(({ key }) => key)).toEqual(['mon', 'tue', 'wed', 'thu', 'fri']);
    expect(groups.arms[0]?.key).toBe('s1');
    expect(groups.arms.at(-1)?.key).toBe('s12');
  });
});

describe('bins of results in R', () => {
  it('hold every trade once', () => {
    const bins = rHistogram([-9, -3, -0.01, 0, 4.99, 5, null].map((r) => ({ r })));
    expect(bins).toMatchObject({ below: 1, above: 1, unknown: 1 });
    if ('missing' in bins) throw new Error('Expected bins');
    expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect([bins.counts[0], bins.counts[11], bins.counts[12], bins.counts.at(-1)]).toEqual([1, 1, 1, 1]);
  });

  it('of nothing are missing', () => {
    expect(rHistogram([])).toEqual({ missing: 'no_trades' });
    expect(rHistogram([{ r: null }])).toEqual({ missing: 'no_risk_known' });
  });
});

describe('days that are shown', () => {
  const trade = (date: number, net_cents: number): { date: number; symbol: string; net_cents: number } => ({
    ...{ date, symbol: 'ES', net_cents },
  });

  it('are the worst, the best and the latest, in order of time', () => {
    const trades = [trade(1, 50), trade(2, -90), trade(2, 20), trade(3, 10), trade(4, 0), trade(5, 5)];
    expect(candleDays(trades, 3).map(({ date }) => date)).toEqual([1, 2, 5]);
    expect(candleDays(trades, 99).map(({ date }) => date)).toEqual([1, 2, 3, 4, 5]);
    expect(candleDays([])).toEqual([]);
  });
});

describe('a curve of very many points', () => {
  it('keeps its ends, its peak and its trough', () => {
    const points = Array.from({ length: 10_000 }, (_, i): readonly [number, number] => [
      i,
      Math.sin(i / 900),
    ]);
    points[4_321] = [4_321, 7];
    points[8_765] = [8_765, -7];
    const kept = thinned(points, 500);
    expect(kept.length).toBeLessThanOrEqual(502);
    for (const point of [points[0], points.at(-1), points[4_321], points[8_765]])
      expect(kept).toContain(point);
    expect(kept.map(([x]) => x)).toEqual([...kept.map(([x]) => x)].sort((a, b) => a - b));
    expect(thinned(points.slice(0, 500), 500)).toHaveLength(500);
  });
});
