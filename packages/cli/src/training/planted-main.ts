import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { TRAINED_MODELS, type TrainedModelName } from '@bellwether/training';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { runInWorkers } from '../workers/worker-pool.js';
import { seedInterval, type WorldGains } from './planted-gains.js';
import type { PlantedWorld } from './world-rows.js';

interface Options {
  readonly model: readonly TrainedModelName[];
  readonly seeds: number;
  readonly from: number;
  readonly sessions: number;
  readonly jobs: number;
}

const WORKER = new URL('./planted-worker.js', import.meta.url);

function modelNamed(text: string, before: readonly TrainedModelName[]): readonly TrainedModelName[] {
  const found = TRAINED_MODELS.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Expected ${TRAINED_MODELS.join(', ')}.`);
  return [...before, found];
}

function worldsOf({ model, seeds, from, sessions }: Options): readonly PlantedWorld[] {
  const models = model.length === 0 ? TRAINED_MODELS : model;
  return models.flatMap((one) =>
    [true, false].flatMap((planted) =>
      Array.from({ length: seeds }, (_, i) => ({ model: one, planted, seed: String(from + i), sessions })),
    ),
  );
}

function rowsOf(worlds: readonly PlantedWorld[], results: readonly (WorldGains | undefined)[]): string[][] {
  const groups = new Map<string, number[]>();
  worlds.forEach(({ model, planted }, i) => {
    const key = `${model},${planted ? 'planted' : 'random walk'}`;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups].flatMap(([key, places]) => {
    const own = places.flatMap((i) => results[i] ?? []);
    const names = own[0]?.gains.map(({ over }) => over) ?? [];
    const tested = own.reduce((sum, one) => sum + one.tested, 0) / Math.max(1, own.length);
    return names.map((name) => {
      const of = (what: 'loss' | 'brier'): string => {
        const interval = seedInterval(
          own.map(({ gains }) => gains.find(({ over }) => over === name)?.[what] ?? NaN),
        );
        if (interval === null || Number.isNaN(interval.mean)) return interval === null ? 'too few seeds' : '';
        return `${interval.mean.toFixed(5)} (${interval.low.toFixed(5)} to ${interval.high.toFixed(5)})`;
      };
      return [...key.split(','), name, tested.toFixed(0), of('loss'), of('brier')];
    });
  });
}

async function run(options: Options): Promise<void> {
  const worlds = worldsOf(options);
  const results: WorldGains[] = [];
  const progress = showProgress('worlds', worlds.length);
  let done = 0;
  await runInWorkers<PlantedWorld, WorldGains>({
    ...{ script: WORKER, tasks: worlds, jobs: options.jobs, signal: new AbortController().signal },
    onResult: (result, index) => {
      results[index] = result;
      done += 1;
      progress.update(done);
    },
  });
  progress.end();
  const head = [
    'model',
    'world',
    'against',
    'rows tested',
    'loss more than the model',
    'Brier more than the model',
  ];
  process.stdout.write(
    `${options.seeds} seeds of ${options.sessions} sessions each; mean over seeds with its 90 % interval. Above zero the model is better.\n\n` +
      `${plainTable(head, rowsOf(worlds, results), [3])}\n`,
  );
}

const command = new Command('train-planted')
  .description(
    'Train each model on worlds in which there is something to learn, and on random walks, where there is not.',
  )
  .option('--model <name>', 'only this one; may be given again', modelNamed, [])
  .option('--seeds <number>', 'worlds of each kind', wholeNumber, 10)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--sessions <number>', 'of each world', wholeNumber, 60)
  .option('--jobs <number>', 'threads', wholeNumber, availableParallelism())
  .addHelpText('after', '\nExample:\n  npm run train-planted -- --model rl_model --seeds 3 --sessions 30\n')
  .action(run);

await runStudy(command);
