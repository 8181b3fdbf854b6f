import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { runInWorkers } from '../workers/worker-pool.js';
import { PART_WORLDS, type LearnedPart, type PartWorld, type PartWorth } from './part-world.js';
import { seedInterval } from './planted-gains.js';

type WorldName = PartWorld['world'];

interface Options {
  readonly world: readonly WorldName[];
  readonly seeds: number;
  readonly from: number;
  readonly trainSessions: number;
  readonly testSessions: number;
  readonly jobs: number;
}

const WORKER = new URL('./part-worker.js', import.meta.url);

const WORLDS = Object.keys(PART_WORLDS) as readonly WorldName[];

function worldNamed(text: string, before: readonly WorldName[]): readonly WorldName[] {
  const found = WORLDS.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Expected ${WORLDS.join(', ')}.`);
  return [...before, found];
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function rowOf(world: WorldName, part: LearnedPart, results: readonly PartWorth[]): readonly string[] {
  const pairs = results.map(({ on, off }) => ({
    on,
    off: off.find((one) => one.part === part)?.loss ?? NaN,
  }));
  const gain = seedInterval(pairs.map(({ on, off }) => off - on));
  return [
    world,
    part,
    mean(results.map(({ rows }) => rows)).toFixed(0),
    mean(pairs.map(({ on }) => on)).toFixed(5),
    mean(pairs.map(({ off }) => off)).toFixed(5),
    gain === null
      ? 'too few seeds'
      : `${gain.mean.toFixed(5)} (${gain.low.toFixed(5)} to ${gain.high.toFixed(5)})`,
    `${pairs.filter(({ on, off }) => on < off).length} of ${pairs.length}`,
  ];
}

async function run(options: Options): Promise<void> {
  const { trainSessions, testSessions, seeds, from } = options;
  const names = options.world.length === 0 ? WORLDS : options.world;
  const worlds: readonly PartWorld[] = names.flatMap((world) =>
    Array.from({ length: seeds }, (_, i) => ({ world, seed: String(from + i), trainSessions, testSessions })),
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
  const rows = names.flatMap((world) => {
    const own = results.filter((_, i) => worlds[i]!.world === world);
    return PART_WORLDS[world].map((part) => rowOf(world, part, own));
  });
  const head = [
    'world',
    'part',
    'forecasts',
    'log loss with it',
    'without',
    'more without it (90 %)',
    'better in',
  ];
  process.stdout.write(
    `${seeds} seeds, trained on ${trainSessions} sessions, forecast over the ${testSessions} behind them by the whole line. ` +
      'In brackets 90 % over seeds; one half always said loses 0.69315.\n\n' +
      `${plainTable(head, rows, [2, 3, 4])}\n`,
  );
}

const command = new Command('learned-parts')
  .description(
    'What a part of the learned forecast is worth where there is something for it: on against off.',
  )
  .option('--world <name>', `only this one of ${WORLDS.join(', ')}; may be given again`, worldNamed, [])
  .option('--seeds <number>', 'worlds of each kind', wholeNumber, 10)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--train-sessions <number>', 'that are trained on', wholeNumber, 24)
  .option('--test-sessions <number>', 'that are forecast', wholeNumber, 12)
  .option('--jobs <number>', 'threads', wholeNumber, availableParallelism())
  .addHelpText('after', '\nExample:\n  npm run learned-parts -- --world weakening --seeds 3\n')
  .action(run);

await runStudy(command);
