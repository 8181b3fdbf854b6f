import { type RegimeState, type BookConfig, type ClosedTrade, type Strategy } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { instrumentOf, roundTripCostCents, tradeDateAt } from '@bellwether/market';
import { romanoWolf, wilsonInterval } from '@bellwether/statistics';

/** What the trades of one strategy in one regime came to, in R where nothing else is said. */
export interface ArmFigures {
  readonly strategy: Strategy;
  /** Null: over all regimes. */
  readonly regime: RegimeState | null;
  readonly trades: number;
  /** Share with a net gain. */
  readonly hitRate: number | null;
  /** 95 % interval of Wilson; null without trades. */
  readonly hitInterval: readonly [number, number] | null;
  readonly meanR: number | null;
  /** 95 % bootstrap interval of the mean, whole days drawn together; null with trades on fewer than ten days. */
  readonly interval: readonly [number, number] | null;
  /** Sum of R of each trade date that had trades. */
  readonly dailyR: ReadonlyMap<number, number>;
  /** Fees and slippage of a round trip at the market over the risk, on average. */
  readonly costShare: number | null;
  readonly maeR: number | null;
  readonly mfeR: number | null;
}

const RESAMPLES = 2_000;
/** A bootstrap of fewer days is too narrow: it knows only what it has seen. */
const DAYS_MIN = 10;

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

const known = (values: readonly (number | null)[]): readonly number[] =>
  values.filter((value) => value !== null);

/**
 * Percentile bootstrap of the mean over trade dates: trades of one day share its market, so whole days are drawn
 * (domain.md 9.4). The same seed and trades give the same interval.
 */
export function bootstrapInterval(
  byDay: readonly (readonly number[])[],
  seed: string,
): readonly [number, number] | null {
  if (byDay.length < DAYS_MIN) return null;
  const days = byDay.map((values) => ({ sum: values.reduce((a, b) => a + b, 0), count: values.length }));
  const uniform = uniformSource(seed);
  const means: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    let sum = 0;
    let count = 0;
    for (const _ of days) {
      const day = days[Math.floor(uniform() * days.length)]!;
      sum += day.sum;
      count += day.count;
    }
    means.push(sum / count);
  }
  means.sort((a, b) => a - b);
  return [means[Math.floor(0.025 * RESAMPLES)]!, means[Math.ceil(0.975 * RESAMPLES) - 1]!];
}

function costShareOf({ symbol, risk_cents, quantity }: ClosedTrade, config: BookConfig): number | null {
  const costs = config.symbols.find((one) => one.symbol === symbol);
  const instrument = instrumentOf(symbol);
  if (costs === undefined || instrument === null || risk_cents === null || risk_cents <= 0) return null;
  return (quantity * roundTripCostCents(costs, instrument.tick_value_cents)) / risk_cents;
}

export function figuresOf(
  strategy: Strategy,
  regime: RegimeState | null,
  all: readonly ClosedTrade[],
  config: BookConfig,
  seed: string,
): ArmFigures {
  const trades = all.filter((trade) => trade.net_r !== null && (regime === null || trade.regime === regime));
  const nets = known(trades.map(({ net_r }) => net_r));
  const days = new Map<number, number[]>();
  for (const { net_r, opened_us } of trades) {
    if (net_r === null) continue;
    const date = tradeDateAt(opened_us);
    days.set(date, [...(days.get(date) ?? []), net_r]);
  }
  const hits = nets.filter((net) => net > 0).length;
  const share = wilsonInterval(hits, nets.length).value;
  return {
    strategy,
    regime,
    trades: nets.length,
    hitRate: nets.length === 0 ? null : hits / nets.length,
    hitInterval: share === null ? null : [share.low, share.high],
    meanR: mean(nets),
    interval: bootstrapInterval([...days.values()], `${seed}:${strategy}:${regime ?? 'all'}`),
    dailyR: new Map([...days].map(([date, values]) => [date, values.reduce((a, b) => a + b, 0)])),
    costShare: mean(known(trades.map((trade) => costShareOf(trade, config)))),
    maeR: mean(known(trades.map(({ mae_r }) => mae_r))),
    mfeR: mean(known(trades.map(({ mfe_r }) => mfe_r))),
  };
}

/** Below it a gain is no longer taken for the best of many by chance. */
export const ADJUSTED_P_MAX = 0.05;

/**
 * The chance that one of so many rows looks as good as each by luck: step-down p-values of Romano and Wolf over the results of
 * all trade dates, for a gain above zero. Null for a row of fewer days with trades than an interval takes, and for all where
 * the run is too short.
 */
export function adjustedPs(
  rows: readonly ArmFigures[],
  trade_dates: readonly number[],
  seed: string,
): readonly (number | null)[] {
  const judged = rows.flatMap(({ interval }, i) => (interval === null ? [] : [i]));
  const columns = judged.map((i) => trade_dates.map((date) => rows[i]!.dailyR.get(date) ?? 0));
  const adjusted = columns.length === 0 ? [] : (romanoWolf(columns, { seed }).value ?? []);
  const found = new Map(adjusted.map(({ series, p }) => [judged[series], p]));
  return rows.map((_, i) => found.get(i) ?? null);
}

/** What may be said of an edge: nothing where the interval holds zero, or where the best of so many looks as good by chance. */
export function verdictOf({ interval }: Pick<ArmFigures, 'interval'>, p: number | null): string {
  if (interval === null) return 'too few days';
  const [low, high] = interval;
  if (high < 0) return 'loses';
  if (low <= 0) return 'no evidence of edge';
  return p !== null && p < ADJUSTED_P_MAX
    ? 'gains in these data, also as one of many: untested on others'
    : 'no evidence of edge: one of many';
}
