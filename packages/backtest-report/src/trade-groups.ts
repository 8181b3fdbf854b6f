import { bootstrapInterval, momentsOf, wilsonInterval, type IntervalOptions } from '@bellwether/statistics';
import { chicagoOffsetHours } from '@bellwether/market';
import type {
  BacktestReport,
  Estimate,
  Figure,
  ReportGroup,
  ReportTrade,
  RHistogram,
} from './report-model.js';

const HOUR_US = 3_600_000_000;
const DAY_HOURS = 24;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

type Traded = Pick<
  ReportTrade,
  'opened_us' | 'date' | 'net_cents' | 'fees_cents' | 'slippage_cents' | 'risk_cents' | 'r'
>;

/** Hour of Chicago in which a trade was opened: `08`. */
export function hourKey(opened_us: number): string {
  const hours = Math.floor(opened_us / HOUR_US) + chicagoOffsetHours(opened_us);
  return String(((hours % DAY_HOURS) + DAY_HOURS) % DAY_HOURS).padStart(2, '0');
}

/** Weekday of a trade date, yyyymmdd: `mon`. */
export function weekdayKey(date: number): string {
  const ms = Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100);
  return WEEKDAYS[(Math.round(ms / (DAY_HOURS * 3_600_000)) + FIRST_WEEKDAY) % WEEKDAYS.length]!;
}

function meanR(trades: readonly Traded[], options: IntervalOptions): Estimate {
  const known = trades.flatMap(({ r }) => (r === null ? [] : [r]));
  if (known.length === 0) return { missing: trades.length === 0 ? 'no_trades' : 'no_risk_known' };
  const value = known.reduce((sum, r) => sum + r, 0) / known.length;
  const interval = bootstrapInterval(
    known,
    (resample) => resample.reduce((sum, r) => sum + r, 0) / resample.length,
    options,
  );
  // Where all are alike there is no spread to judge by, and the interval would have no width.
  const spread = momentsOf(known);
  if (interval.missing !== null) return { value, interval_missing: interval.missing };
  if (spread.missing !== null) return { value, interval_missing: spread.missing };
  return { value, low: interval.value.low, high: interval.value.high };
}

function hitRate(trades: readonly Traded[], level: number | undefined): Estimate {
  const wins = trades.filter(({ net_cents }) => net_cents > 0).length;
  const interval = wilsonInterval(wins, trades.length, level);
  if (interval.missing !== null) return { missing: 'no_trades' };
  return { value: wins / trades.length, low: interval.value.low, high: interval.value.high };
}

function costR(trades: readonly Traded[]): Figure {
  const costs = trades.flatMap(({ risk_cents, fees_cents, slippage_cents }) =>
    risk_cents === null || risk_cents <= 0 || slippage_cents === null
      ? []
      : [(fees_cents + slippage_cents) / risk_cents],
  );
  if (costs.length > 0) return { value: costs.reduce((sum, cost) => sum + cost, 0) / costs.length };
  if (trades.length === 0) return { missing: 'no_trades' };
  const outside = trades.some(({ slippage_cents }) => slippage_cents === null);
  return { missing: outside ? 'outside_fills' : 'no_risk_known' };
}

/**
 * What trades with the same key came to, by key. Mean R with a bootstrap interval over the trades in their order, the hit rate
 * with Wilson's; both at the level of the options.
 */
export function groupTrades<T extends Traded>(
  trades: readonly T[],
  keyOf: (trade: T) => string,
  options: IntervalOptions,
): readonly ReportGroup[] {
  const groups = new Map<string, T[]>();
  for (const trade of trades) {
    const key = keyOf(trade);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [trade]);
    else own.push(trade);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, own]) => ({
      key,
      trades: own.length,
      wins: own.filter(({ net_cents }) => net_cents > 0).length,
      net_cents: own.reduce((sum, { net_cents }) => sum + net_cents, 0),
      fees_cents: own.reduce((sum, { fees_cents }) => sum + fees_cents, 0),
      mean_r: meanR(own, options),
      hit: hitRate(own, options.level),
      cost_r: costR(own),
    }));
}

/** The four groupings of the report. */
export function groupsOf(trades: readonly ReportTrade[], options: IntervalOptions): BacktestReport['groups'] {
  const by = (keyOf: (trade: ReportTrade) => string): ReportGroup[] => [
    ...groupTrades(trades, keyOf, options),
  ];
  const weekdays = by(({ date }) => weekdayKey(date));
  const place = ({ key }: ReportGroup): number => WEEKDAYS.findIndex((name) => name === key);
  return {
    arms: by(({ arm }) => arm).sort((a, b) => Number(a.key.slice(1)) - Number(b.key.slice(1))),
    regimes: by(({ regime }) => regime),
    hours: by(({ opened_us }) => hourKey(opened_us)),
    weekdays: weekdays.sort((a, b) => place(a) - place(b)),
  };
}

const R_FROM = -3;
const R_TO = 5;
const R_BINS = 32;

/** Results in R: bins of a quarter from -3 to 5, and how many lie outside. */
export function rHistogram(
  trades: readonly Pick<ReportTrade, 'r'>[],
): RHistogram | { readonly missing: 'no_trades' | 'no_risk_known' } {
  if (trades.length === 0) return { missing: 'no_trades' };
  const counts = new Array<number>(R_BINS).fill(0);
  const outside = { below: 0, above: 0, unknown: 0 };
  for (const { r } of trades) {
    if (r === null) outside.unknown++;
    else if (r < R_FROM) outside.below++;
    else if (r >= R_TO) outside.above++;
    else counts[Math.floor(((r - R_FROM) / (R_TO - R_FROM)) * R_BINS)]!++;
  }
  if (outside.unknown === trades.length) return { missing: 'no_risk_known' };
  return { from: R_FROM, to: R_TO, counts, ...outside };
}
