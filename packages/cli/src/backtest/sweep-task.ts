import { z } from 'zod';
import { filePlan, namesNoData, samplePlan, type DataOptions, type DataPlan } from '../data/data-plan.js';
import { runPlan } from './plan-run.js';

/** A variant as a thread is told it: the data, and the file of its book. */
export interface SweepTask {
  readonly data: DataOptions;
}

/** What a variant came to. */
export const sweepResult = z.strictObject({
  digest: z.string(),
  trades: z.int(),
  trade_dates: z.array(z.int()),
  net_cents: z.array(z.int()),
});
export type SweepResult = z.infer<typeof sweepResult>;

export async function planOf(data: DataOptions): Promise<DataPlan> {
  return namesNoData(data) ? samplePlan(data) : filePlan(data);
}

export async function runVariant({ data }: SweepTask): Promise<SweepResult> {
  const { collector, digest } = await runPlan(await planOf(data), { signal: new AbortController().signal });
  const days = collector.days.days();
  return {
    digest,
    trades: collector.trades.trades.length,
    trade_dates: days.map(({ trade_date }) => trade_date),
    net_cents: days.map(({ net_cents }) => net_cents),
  };
}
