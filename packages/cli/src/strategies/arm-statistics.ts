import { type RegimeState, type BookConfig, type ClosedTrade, type Strategy } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { instrumentOf, roundTripCostCents, tradeDateAt } from '@bellwether/market';

/** What the trades of one strategy in one regime came to, in R where nothing else is said. */
export interface ArmFigures {
  readonly strategy: Strategy;
  /** Null: over all regimes. */
  readonly regime: RegimeState | null;
  readonly trades: number;
  /** Share with a net gain. */
  readonly hitRate: number | null;
  readonly meanR: number | null;
  /** 95 % bootstrap interval of the mean, whole days drawn together; null with trades on fewer than ten days. */
  readonly interval: readonly [number, number] | null;
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
  return {
    strategy,
    regime,
    trades: nets.length,
    hitRate: nets.length === 0 ? null : nets.filter((net) => net > 0).length / nets.length,
    meanR: mean(nets),
    interval: bootstrapInterval([...days.values()], `${seed}:${strategy}:${regime ?? 'all'}`),
    costShare: mean(known(trades.map((trade) => costShareOf(trade, config)))),
    maeR: mean(known(trades.map(({ mae_r }) => mae_r))),
    mfeR: mean(known(trades.map(({ mfe_r }) => mfe_r))),
  };
}

/** What may be said of an edge: nothing where the interval holds zero. */
export function verdictOf({ interval }: ArmFigures): string {
  if (interval === null) return 'too few days';
  const [low, high] = interval;
  if (low > 0) return 'gains beyond chance, untested for the number of trials';
  return high < 0 ? 'loses' : 'no evidence of edge';
}
