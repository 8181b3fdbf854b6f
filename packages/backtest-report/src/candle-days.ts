import { REPORT_LIMITS, type ReportTrade } from './report-model.js';

type Traded = Pick<ReportTrade, 'date' | 'symbol' | 'net_cents'>;

/** A trade date and symbol whose candles the report keeps. */
export interface CandleDay {
  readonly date: number;
  readonly symbol: string;
}

/**
 * The days that are shown as pictures: by turns the worst, the best and the latest day with trades, until there are so many;
 * in order of time.
 */
export function candleDays(
  trades: readonly Traded[],
  most: number = REPORT_LIMITS.candleDays,
): readonly CandleDay[] {
  const nets = new Map<string, CandleDay & { net_cents: number }>();
  for (const { date, symbol, net_cents } of trades) {
    const key = `${date} ${symbol}`;
    const known = nets.get(key);
    if (known === undefined) nets.set(key, { date, symbol, net_cents });
    else known.net_cents += net_cents;
  }
  const byTime = [...nets.values()].sort((a, b) => a.date - b.date || (a.symbol < b.symbol ? -1 : 1));
  const byNet = [...byTime].sort((a, b) => a.net_cents - b.net_cents);
  const queues = [byNet, [...byNet].reverse(), [...byTime].reverse()];
  const chosen = new Set<CandleDay>();
  for (let turn = 0; chosen.size < Math.min(most, byTime.length); turn++) {
    const next = queues[turn % queues.length]!.find((day) => !chosen.has(day));
    if (next !== undefined) chosen.add(next);
  }
  return byTime.filter((day) => chosen.has(day)).map(({ date, symbol }) => ({ date, symbol }));
}
