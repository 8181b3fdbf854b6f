import { runBacktest, type FrameReceiver } from '@bellwether/backtest';
import type { AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { measure, type DataPlan } from '../data/data-plan.js';
import type { FollowResult } from './follow.js';
import { SummaryCollector } from './summary.js';

/** Runs a plan through the line in this process. `onStart` gets the number of inputs, a little more or less. */
export async function replayInMemory(
  plan: DataPlan,
  onStart: (inputs: number) => void,
  onFrame?: FrameReceiver,
  stages: readonly AnyStage[] = LINE,
  signal: AbortSignal = new AbortController().signal,
): Promise<FollowResult> {
  onStart(plan.bars ?? (await measure(plan.inputs(null))).count);
  const collector = new SummaryCollector();
  const { digest, finished } = await runBacktest({
    ...{ book: plan.book, stages, infer: plan.models.infer, inputs: plan.batches(), signal },
    answerRows: plan.models.answerRows,
    onFrame: (frame, bytes) => {
      collector.add(frame);
      return onFrame?.(frame, bytes);
    },
  });
  return { summary: collector.summary(), digest, finished };
}
