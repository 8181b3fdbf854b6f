import { present } from '@bellwether/kernel';
import { variantId, type ResearchLog, type StartedRun } from '@bellwether/research';
import type { Variant } from '@bellwether/statistics';
import type { ResultFile } from '../workers/result-file.js';
import { runInWorkers } from '../workers/worker-pool.js';
import type { SweepResult } from './sweep-task.js';

/** A variant to run: what it counts as, and what a thread is told of it. */
export interface SweepVariant<Task> {
  readonly variant: Variant;
  readonly task: Task;
}

export interface SweepRun<Task> {
  readonly variants: readonly SweepVariant<Task>[];
  /** What was run before, by the id of the variant. */
  readonly file: ResultFile<SweepResult>;
  readonly log: ResearchLog;
  /** Module of the threads. */
  readonly script: URL;
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** How many variants have a result. */
  readonly onDone: (done: number) => void;
}

/** A folder of results may have come to another workspace: its trials were made, so that workspace counts them too. */
async function noteKnown<Task>({ variants, file, log }: SweepRun<Task>): Promise<void> {
  const noted = new Set((await log.history()).variants.map(({ variant_id }) => variant_id));
  for (const { variant } of variants) {
    const id = variantId(variant);
    const result = file.results.get(id);
    if (result === undefined || noted.has(id)) continue;
    const { trade_dates, net_cents } = result;
    await log.finished(await log.started(variant), { trade_dates, net_cents });
  }
}

/**
 * Runs what the file does not have yet. Each variant is a trial of the workspace from the moment before a thread begins it: one
 * that fails half-way counts, and one that never began, because the sweep was ended before it, does not.
 *
 * @throws what a variant threw; the others go on from the file when the sweep is run again
 */
export async function runSweep<Task>(sweep: SweepRun<Task>): Promise<void> {
  const { variants, file, log, script, jobs, signal, onDone } = sweep;
  await noteKnown(sweep);
  const missing = variants.filter(({ variant }) => !file.results.has(variantId(variant)));
  const started = new Map<number, StartedRun>();
  let done = variants.length - missing.length;
  onDone(done);
  await runInWorkers<Task, SweepResult>({
    ...{ script, tasks: missing.map(({ task }) => task), jobs, signal },
    onStart: async (index) => {
      started.set(index, await log.started(missing[index]!.variant));
    },
    onResult: async (result, index) => {
      const { trade_dates, net_cents } = result;
      await log.finished(present(started.get(index) ?? null, 'a run that was noted'), {
        trade_dates,
        net_cents,
      });
      await file.add(variantId(missing[index]!.variant), result);
      done += 1;
      onDone(done);
    },
  });
}
