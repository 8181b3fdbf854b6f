import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { money } from '../replay/report.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { runInWorkers } from '../workers/worker-pool.js';
import type { PlantedAblation, PlantedVerdict } from './planted-ablation.js';
import { PLANTED, SESSIONS, worldOf, type PlantedPart } from './planted-worlds.js';

interface Options {
  readonly part: readonly PlantedPart[];
  readonly seeds: number;
  readonly from: number;
  /** Default: as many as the world of a part needs. */
  readonly sessions?: number;
  readonly jobs: number;
}

const WORKER = new URL('./planted-worker.js', import.meta.url);
const NAMES = Object.keys(PLANTED) as readonly PlantedPart[];

function partNamed(text: string, before: readonly PlantedPart[]): readonly PlantedPart[] {
  const found = NAMES.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Expected ${NAMES.join(', ')}.`);
  return [...before, found];
}

async function run({ part: asked, seeds, from, sessions, jobs }: Options): Promise<void> {
  const parts = asked.length === 0 ? NAMES : asked;
  const worlds: readonly PlantedAblation[] = parts.flatMap((part) =>
    Array.from({ length: seeds }, (_, i) => ({
      ...{ part, seed: `ablation-${from + i}` },
      sessions: sessions ?? worldOf(part).sessions ?? SESSIONS,
    })),
  );
  const results: PlantedVerdict[] = [];
  const progress = showProgress('worlds', worlds.length);
  let done = 0;
  await runInWorkers<PlantedAblation, PlantedVerdict>({
    ...{ script: WORKER, tasks: worlds, jobs, signal: new AbortController().signal },
    onResult: (result, index) => {
      results[index] = result;
      done += 1;
      progress.update(done);
    },
  });
  progress.end();
  process.stdout.write(
    'SYNTHETIC: worlds in which one part carries the edge, each ablated of that part and another one.\n\n' +
      `${plainTable(
        HEAD,
        parts.map((part) => rowOf(part, worlds, results)),
        [1, 2, 3, 4],
      )}\n`,
  );
}

const HEAD = ['part', 'sessions', 'mean a day', 'lowest', 'the edge is put down to it', 'else to'];

/** What is lost a day without the part, over its worlds, and what the edge was put down to. */
function rowOf(
  part: PlantedPart,
  worlds: readonly PlantedAblation[],
  results: readonly PlantedVerdict[],
): readonly (string | number)[] {
  const own = results.filter((_, i) => worlds[i]!.part === part);
  const lost = own.flatMap(({ comparisons }) =>
    comparisons
      .filter((one) => one.kind === 'removed' && one.part === part)
      .map((one) => one.mean_cents ?? 0),
  );
  const mean = lost.reduce((sum, cents) => sum + cents, 0) / Math.max(1, lost.length);
  const right = own.filter(({ attributed }) => attributed === part).length;
  const others = own
    .filter(({ attributed }) => attributed !== part)
    .map(({ attributed }) => attributed ?? 'none');
  return [
    ...[part, worlds.find((one) => one.part === part)?.sessions ?? 0],
    ...[money(Math.round(mean)), money(Math.round(Math.min(...lost)))],
    ...[`${right} of ${own.length}`, others.join(', ')],
  ];
}

const command = new Command('ablation-planted')
  .description('Ablate made-up worlds in which one part carries the edge, and see what it is put down to.')
  .option('--part <name>', 'only this one; may be given again', partNamed, [])
  .option('--seeds <number>', 'worlds for each part', wholeNumber, 10)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--sessions <number>', 'of each world; default: as many as it needs', wholeNumber)
  .option('--jobs <number>', 'threads', wholeNumber, availableParallelism())
  .addHelpText(
    'after',
    '\nExamples:\n  npm run ablation-planted\n  npm run ablation-planted -- --part management --seeds 3\n',
  )
  .action(run);

await runStudy(command);
