import { Policy, type BookConfig } from '@bellwether/contracts';
import { MarketRun, TradeRows, type ForecastAt, type HistoryBar, type MarketBar } from '@bellwether/training';
import type { Entry } from '@bellwether/contracts';
import { ALL_STRATEGIES, ArmRun, armConfig } from '../strategies/arm-run.js';

/** Inputs of a book, in order. */
export type InputBatches = AsyncIterable<readonly Entry[]> | Iterable<readonly Entry[]>;

/** Called with the inputs done so far. */
export type RowsProgress = (done: number) => void;

/** Every bar of some inputs with what the stages would ask at its close. */
export async function marketBars(
  batches: InputBatches,
  sequences: boolean,
  onProgress: RowsProgress,
): Promise<readonly (MarketBar | HistoryBar)[]> {
  const run = new MarketRun(sequences);
  const bars: (MarketBar | HistoryBar)[] = [];
  let done = 0;
  for await (const batch of batches) {
    for (const entry of batch) bars.push(...run.next(entry));
    done += batch.length;
    onProgress(done);
  }
  return bars;
}

/** The arms trade the inputs, each alone and by rules, and each of their trades becomes a row. */
export async function tradeRows(
  batches: InputBatches,
  config: BookConfig,
  forecastAt: ForecastAt,
  onProgress: RowsProgress,
): Promise<TradeRows> {
  const rules = { ...config, policy: Policy.RULES };
  const run = new ArmRun(
    ALL_STRATEGIES.map((strategy) => ({ strategy, config: armConfig(rules, strategy) })),
  );
  const rows = new TradeRows(forecastAt);
  const taken = run.books.map(() => 0);
  let done = 0;
  for await (const batch of batches) {
    for (const input of batch) {
      const frames = run.accept(input);
      run.books.forEach(({ strategy, trades }, i) => {
        for (const trade of trades.slice(taken[i])) rows.ended(strategy, trade);
        taken[i] = trades.length;
        const frame = frames[i] ?? null;
        if (frame !== null) rows.next(strategy, frame);
      });
    }
    done += batch.length;
    onProgress(done);
  }
  return rows;
}
