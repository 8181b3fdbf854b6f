import { CONTENDERS, runContender, type Played, type Problem } from '@bellwether/bandit-bench';
import { answerTasks } from '../workers/answer-tasks.js';
import type { BenchTask } from './bench-tasks.js';
import { tableOf } from './table-file.js';

/** The table that this thread has read: tasks of one run are of one file. */
let known: { readonly key: string; readonly problem: Problem } | null = null;

async function problemOf(source: BenchTask['source']): Promise<Problem> {
  const key = JSON.stringify(source);
  if (known?.key !== key) {
    known = { key, problem: 'delta' in source ? source : { table: await tableOf(source) } };
  }
  return known.problem;
}

answerTasks(async ({ source, contender, options }: BenchTask): Promise<Played> => {
  const found = CONTENDERS.find((one) => one === contender) ?? 'uniform';
  return runContender(await problemOf(source), { ...options, contender: found });
});
