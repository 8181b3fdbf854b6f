import { availableParallelism } from 'node:os';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { showProgress } from '../progress.js';
import { runInWorkers } from '../workers/worker-pool.js';
import { ResultFile } from '../workers/result-file.js';
import { nullFaults, nullVerdict, renderNull, type NullVerdict } from './null-verdict.js';
import { worldFigures, worldResults, type NullWorld, type WorldResult } from './null-worlds.js';

interface Options {
  readonly worlds: number;
  readonly from: number;
  readonly sessions: number;
  readonly jobs: number;
  readonly everything?: boolean;
  readonly results?: string;
}

const WORKER = new URL('./null-worker.js', import.meta.url);

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 10000.');
  }
  return value;
}

/** All worlds in the order of their seeds; those of the file are not run again. */
async function resultsOf(
  tasks: readonly NullWorld[],
  { jobs, results }: Options,
): Promise<readonly (readonly WorldResult[])[]> {
  const keyOf = ({ seed, sessions, everything }: NullWorld): string =>
    `${seed}:${sessions}${everything === true ? ':everything' : ''}`;
  const file = results === undefined ? null : await ResultFile.open(results, worldResults);
  const found = new Map(file?.results ?? []);
  const missing = tasks.filter((task) => !found.has(keyOf(task)));
  const progress = showProgress('worlds', tasks.length);
  progress.update(tasks.length - missing.length);
  await runInWorkers<NullWorld, WorldResult[]>({
    ...{ script: WORKER, tasks: missing, jobs, signal: new AbortController().signal },
    onResult: async (result, index) => {
      const key = keyOf(missing[index]!);
      found.set(key, result);
      await file?.add(key, result);
      progress.update(tasks.length - missing.length + index + 1);
    },
  });
  progress.end();
  return tasks.map((task) => found.get(keyOf(task)) ?? []);
}

async function run(options: Options): Promise<void> {
  const { worlds, from, sessions, everything = false } = options;
  const tasks = Array.from({ length: worlds }, (_, i) => ({ seed: String(from + i), sessions, everything }));
  const all = (await resultsOf(tasks, options)).flat();
  const verdictOf = (costs: boolean): NullVerdict =>
    nullVerdict(all.filter((one) => one.costs === costs).map((one) => worldFigures(one)));
  const [paid, free] = [verdictOf(true), verdictOf(false)];
  const faults = nullFaults(paid, free);
  process.stdout.write(
    `Random walks, seeds ${from} to ${from + worlds - 1}, ${sessions} sessions each, through the whole system` +
      `${everything ? ', learning and with the shipped models,' : ''} and each arm alone.\n\n` +
      `${renderNull(paid, free)}\n\n` +
      `${faults.length === 0 ? 'No evidence of edge, as it must be.' : faults.join('\n')}\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

const command = new Command('backtest-null')
  .description(
    'Run the whole system on random walks and count the worlds in which it looks as if it had an edge.',
  )
  .option('--worlds <number>', 'random walks', whole, 100)
  .option('--from <number>', 'first seed', whole, 1)
  .option('--sessions <number>', 'sessions that are decided on in each', whole, 60)
  .option('--everything', 'the system learns and asks the shipped models, as policy: learned')
  .option('--jobs <number>', 'threads', whole, availableParallelism())
  .option('--results <file>', 'keeps the result of each world, and goes on from those that are there')
  .addHelpText(
    'after',
    '\nExit codes: 0 no edge is found; 1 one is; 2 the command.\n' +
      '\nExamples:\n  npm run backtest-null\n  npm run backtest-null -- --worlds 5 --sessions 30\n  npm run backtest-null -- --everything --worlds 10\n',
  )
  .exitOverride()
  .action(run);

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
