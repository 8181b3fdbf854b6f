import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { runInWorkers } from '../workers/worker-pool.js';
import { LEARNED_PARTS, type LearnedPart, type PartWorld, type PartWorth } from './part-world.js';
import { seedInterval } from './planted-gains.js';

interface Options {
  readonly part: readonly LearnedPart[];
  readonly seeds: number;
  readonly from: number;
  readonly trainSessions: number;
  readonly testSessions: number;
  readonly jobs: number;
}

const WORKER = new URL('./part-worker.js', import.meta.url);

function partNamed(text: string, before: readonly LearnedPart[]): readonly LearnedPart[] {
  const found = LEARNED_PARTS.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Expected ${LEARNED_PARTS.join(', ')}.`);
  return [...before, found];
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function rowOf(part: LearnedPart, results: readonly PartWorth[]): readonly string[] {
  const gain = seedInterval(results.map(({ on, off }) => off - on));
  const better = results.filter(({ on, off }) => on < off).length;
  return [
    part,
    mean(results.map(({ rows }) => rows)).toFixed(0),
    mean(results.map(({ on }) => on)).toFixed(5),
    mean(results.map(({ off }) => off)).toFixed(5),
    gain === null
      ? 'too few seeds'
      : `${gain.mean.toFixed(5)} (${gain.low.toFixed(5)} to ${gain.high.toFixed(5)})`,
    `${better} of ${results.length}`,
  ];
}

async function run(options: Options): Promise<void> {
  const { trainSessions, testSessions, seeds, from } = options;
  const parts = options.part.length === 0 ? LEARNED_PARTS : options.part;
  const worlds: readonly PartWorld[] = parts.flatMap((part) =>
    Array.from({ length: seeds }, (_, i) => ({ part, seed: String(from + i), trainSessions, testSessions })),
  );
  const results: PartWorth[] = [];
  const progress = showProgress('worlds', worlds.length);
  let done = 0;
  await runInWorkers<PartWorld, PartWorth>({
    ...{ script: WORKER, tasks: worlds, jobs: options.jobs, signal: new AbortController().signal },
    onResult: (result, index) => {
      results[index] = result;
      done += 1;
      progress.update(done);
    },
  });
  progress.end();
  const rows = parts.map((part) =>
    rowOf(
      part,
      results.filter((_, i) => worlds[i]!.part === part),
    ),
  );
  const head = ['part', 'forecasts', 'log loss with it', 'without', 'more without it (90 %)', 'better in'];
  process.stdout.write(
    `${seeds} seeds, trained on ${trainSessions} sessions, forecast over the ${testSessions} behind them by the whole line. ` +
      'In brackets 90 % over seeds; one half always said loses 0.69315.\n\n' +
      `${plainTable(head, rows, [1, 2, 3])}\n`,
  );
}

const command = new Command('learned-parts')
  .description(
    'What a part of the learned forecast is worth where there is something for it: on against off.',
  )
  .option('--part <name>', `only this one of ${LEARNED_PARTS.join(', ')}; may be given again`, partNamed, [])
  .option('--seeds <number>', 'worlds of each kind', wholeNumber, 10)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--train-sessions <number>', 'that are trained on', wholeNumber, 24)
  .option('--test-sessions <number>', 'that are forecast', wholeNumber, 12)
  .option('--jobs <number>', 'threads', wholeNumber, availableParallelism())
  .addHelpText('after', '\nExample:\n  npm run learned-parts -- --part calibration --seeds 3\n')
  .action(run);

await runStudy(command);
