import { runBacktest, type FrameReceiver } from '@bellwether/backtest';
import type { IntrabarOrder } from '@bellwether/execution';
import type { AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { figureOf, missingFigure, type ReportBody } from '@bellwether/backtest-report';
import { sharpeRatio } from '@bellwether/statistics';
import type { DataPlan } from '../data/data-plan.js';
import { RunCollector } from './run-collector.js';

export interface PlanRunOptions {
  readonly signal: AbortSignal;
  readonly intrabar?: IntrabarOrder;
  readonly onFrame?: FrameReceiver;
  readonly stages?: readonly AnyStage[];
}

export interface PlanRun {
  readonly collector: RunCollector;
  readonly digest: string;
  /** False where the signal ended it. */
  readonly finished: boolean;
}

/** One run of a plan through the whole line in this process. */
export async function runPlan(plan: DataPlan, options: PlanRunOptions): Promise<PlanRun> {
  const { signal, intrabar = 'stop_first', onFrame, stages = LINE } = options;
  const collector = new RunCollector();
  const { digest, finished } = await runBacktest({
    ...{ book: plan.book, stages, infer: plan.models.infer, inputs: plan.batches(), signal, intrabar },
    answerRows: plan.models.answerRows,
    onFrame: (frame, bytes) => {
      collector.add(frame);
      return onFrame?.(frame, bytes);
    },
  });
  collector.candles.end();
  return { collector, digest, finished };
}

type Policies = ReportBody['ambiguity'];

/**
 * The same run with bars that held stop and target read the best way and by a coin. Where there was no such bar, nothing
 * hangs on the order and no run is made.
 */
export async function ambiguityOf(
  plan: DataPlan,
  worst: RunCollector,
  signal: AbortSignal,
): Promise<Policies> {
  const { fills, ambiguous } = worst.trades;
  const again = async (intrabar: IntrabarOrder): Promise<RunCollector> =>
    ambiguous === 0 ? worst : (await runPlan(plan, { signal, intrabar })).collector;
  const best = await again('profit_first');
  const coin = await again('coin');
  return {
    fills,
    ambiguous_fills: ambiguous,
    policies: [policyOf('worst', worst), policyOf('best', best), policyOf('coin', coin)],
  };
}

function policyOf(policy: 'worst' | 'best' | 'coin', run: RunCollector): Policies['policies'][number] {
  const days = run.days.days().map(({ net_cents }) => net_cents);
  if (days.length === 0) {
    const none = missingFigure('too_few');
    return { policy, net_cents: none, trades: none, sharpe: none };
  }
  return {
    policy,
    net_cents: { value: days.reduce((sum, net) => sum + net, 0) },
    trades: { value: run.trades.trades.length },
    sharpe: figureOf(sharpeRatio(days)),
  };
}
