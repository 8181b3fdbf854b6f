import { MemoryBus } from '@bellwether/bus';
import { noMetrics, createLogger } from '@bellwether/host';
import type { AnyStage } from '@bellwether/kernel';
import { LINE } from '@bellwether/line';
import { measure, type DataPlan } from '../data/data-plan.js';
import { runDesk } from '../desk/desk.js';
import { followDecisions, type FollowOptions, type FollowResult } from './follow.js';

/** A run in memory ends with its process, so a snapshot would only cost time. */
const NO_SNAPSHOTS = Number.MAX_SAFE_INTEGER;

/**
 * For tests: a plan as the store on disk and NATS have it, with host and execution as two loops and a bus between them.
 * What it decides is what a replay without a bus must decide.
 */
export async function replayOverMemoryBus(
  plan: DataPlan,
  onFrame?: FollowOptions['onFrame'],
  stages: readonly AnyStage[] = LINE,
  signal: AbortSignal = new AbortController().signal,
): Promise<FollowResult> {
  const { lastId } = await measure(plan.inputs(null));
  const bus = new MemoryBus();
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const desk = runDesk(
    {
      ...{
        bus,
        stages,
        infer: plan.models.infer,
        config: plan.settings.config,
        inputs: plan.inputs(null),
        owner: 'replay',
        shared: false,
        audit: { mode: 'off' },
      },
      ...{ snapshotEveryFrames: NO_SNAPSHOTS, log: createLogger('replay', 'error'), metrics: noMetrics },
    },
    until,
  );
  // A desk that fails ends the following too: it would wait for ever for a decision that never comes.
  desk.catch(() => {
    stop.abort();
  });
  const options = { bus, book: plan.book, lastId, inputs: plan.inputs(null), signal: until };
  try {
    return await followDecisions(onFrame === undefined ? options : { ...options, onFrame });
  } finally {
    stop.abort();
    await desk;
    await bus.close();
  }
}
