import { CONTENDERS, type Contender, type Played, type RunOptions } from '@bellwether/bandit-bench';
import { BellwetherError } from '@bellwether/contracts';
import { showProgress } from '../progress.js';
import { runInWorkers } from '../workers/worker-pool.js';
import type { TableSource } from './table-file.js';

/** One policy in one seed, for a thread. */
export interface BenchTask {
  readonly source: TableSource | { readonly delta: number };
  readonly contender: Contender;
  readonly options: Omit<RunOptions, 'contender'>;
}

export interface BenchPlan {
  readonly source: BenchTask['source'];
  readonly seeds: number;
  readonly rounds: number;
  readonly alpha: number;
  readonly ridge: number;
  readonly jobs: number;
}

const WORKER = new URL('./bench-worker.js', import.meta.url);

/** The policies that play: the published recipe is one of tables only. */
export function contendersOf({ source }: BenchPlan): readonly Contender[] {
  return 'delta' in source ? CONTENDERS.filter((one) => one !== 'published_linucb') : CONTENDERS;
}

/** What each policy came to, by seed. Seed s is the same rounds for all policies. */
export async function playAll(plan: BenchPlan): Promise<ReadonlyMap<Contender, readonly Played[]>> {
  const { source, seeds, rounds, alpha, ridge, jobs } = plan;
  const contenders = contendersOf(plan);
  const tasks: readonly BenchTask[] = Array.from({ length: seeds }, (_, i) => String(i + 1)).flatMap((seed) =>
    contenders.map((contender) => ({ source, contender, options: { seed, rounds, alpha, ridge } })),
  );
  const results: Played[] = [];
  const progress = showProgress('runs', tasks.length);
  let done = 0;
  try {
    await runInWorkers<BenchTask, Played>({
      ...{ script: WORKER, tasks, jobs, signal: new AbortController().signal },
      onResult: (result, index) => {
        results[index] = result;
        done += 1;
        progress.update(done);
      },
    });
  } catch (cause) {
    throw asOurs(cause);
  } finally {
    progress.end();
  }
  return new Map(
    contenders.map((contender) => [
      contender,
      results.filter((_, index) => tasks[index]?.contender === contender),
    ]),
  );
}

/** An error keeps its name and message between threads, and loses its class. */
function asOurs(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof BellwetherError) return cause;
  const detail = /^data_unreadable: (.*)$/s.exec(cause.message)?.[1];
  return detail === undefined ? cause : new BellwetherError('data_unreadable', detail);
}
