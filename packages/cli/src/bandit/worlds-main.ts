import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { RegimeState, RegimeStateName, StrategyName } from '@bellwether/contracts';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { runInWorkers } from '../workers/worker-pool.js';
import {
  EDGE_WORLDS,
  type EdgeSelection,
  type EdgeWorld,
  type EdgeWorldName,
  type Stretch,
} from './edge-world.js';
import { faultOf, pooled } from './worlds-verdict.js';

interface Options {
  readonly world: readonly EdgeWorldName[];
  readonly selection: readonly EdgeSelection[];
  readonly seeds: number;
  readonly from: number;
  readonly learnTrades: number;
  readonly countTrades: number;
  readonly jobs: number;
}

const WORKER = new URL('./worlds-worker.js', import.meta.url);
const SELECTIONS = ['linucb', 'neural_linear', 'ucb1', 'epsilon_greedy', 'uniform'] as const;
/** Chance must not find what it does not look for, and the formula of the seed forgets nothing: neither is judged. */
const NOT_JUDGED: readonly EdgeSelection[] = ['uniform'];

function named<T extends string>(known: readonly T[]): (text: string, before: readonly T[]) => readonly T[] {
  return (text, before) => {
    const found = known.find((one) => one === text);
    if (found === undefined) throw new InvalidArgumentError(`Expected ${known.join(', ')}.`);
    return [...before, found];
  };
}

const percent = (share: number): string => (Number.isNaN(share) ? '' : `${(100 * share).toFixed(1)} %`);

function placeOf({ edge }: Stretch): string {
  const regime = edge.regime === RegimeState.UNSPECIFIED ? 'everywhere' : RegimeStateName[edge.regime];
  return `${StrategyName[edge.strategy]}, ${regime}`;
}

interface Row {
  readonly cells: readonly string[];
  readonly fault: boolean;
}

function rowOf(world: EdgeWorldName, selection: EdgeSelection, stretches: readonly Stretch[]): Row {
  const all = pooled(stretches);
  const fault = NOT_JUDGED.includes(selection) ? null : faultOf(world, all);
  const each = stretches
    .map(({ chosen, choices }) => chosen / choices)
    .filter((share) => !Number.isNaN(share));
  const range = each.length === 0 ? '' : `${percent(Math.min(...each))} to ${percent(Math.max(...each))}`;
  const first = stretches[0];
  return {
    cells: [
      ...[world, selection, first === undefined ? '' : placeOf(first)],
      ...[String(all.choices), percent(all.share), range, percent(all.chance)],
      ...[`${all.mean_r.toFixed(3)} ± ${all.error_r.toFixed(3)}`, fault ?? ''],
    ],
    fault: fault !== null,
  };
}

async function run(options: Options): Promise<void> {
  const { seeds, from, learnTrades, countTrades } = options;
  const worlds = options.world.length === 0 ? EDGE_WORLDS : options.world;
  const selections = options.selection.length === 0 ? SELECTIONS : options.selection;
  const plans: readonly EdgeWorld[] = worlds.flatMap((world) =>
    selections.flatMap((selection) =>
      Array.from({ length: seeds }, (_, i) => ({
        ...{ world, selection, seed: String(from + i), learnTrades, countTrades },
      })),
    ),
  );
  const results: (readonly Stretch[])[] = [];
  const progress = showProgress('worlds', plans.length);
  let done = 0;
  await runInWorkers<EdgeWorld, readonly Stretch[]>({
    ...{ script: WORKER, tasks: plans, jobs: options.jobs, signal: new AbortController().signal },
    onResult: (result, index) => {
      results[index] = result;
      progress.update((done += 1));
    },
  });
  progress.end();
  const rows = worlds.flatMap((world) =>
    selections.flatMap((selection) => {
      const own = results.filter((_, i) => plans[i]!.world === world && plans[i]!.selection === selection);
      return (own[0] ?? []).map((_, stretch) =>
        rowOf(
          world,
          selection,
          own.flatMap((one) => one[stretch] ?? []),
        ),
      );
    }),
  );
  const head = [
    'world',
    'selection',
    'edge',
    'choices',
    'of the arm',
    'by seed',
    'by chance',
    'net R a trade',
    '',
  ];
  process.stdout.write(
    `${seeds} seeds through the whole line. After ${learnTrades} trades the choices during ${countTrades} more are counted in which the ` +
      `arm with the edge was live beside another; then the edge moves, and the same again. In \`nothing\` there is neither an edge nor a cost.\n\n` +
      `${plainTable(
        head,
        rows.map(({ cells }) => cells),
        [3, 4, 6],
      )}\n`,
  );
  if (rows.some(({ fault }) => fault)) process.exitCode = 1;
}

const command = new Command('bandit-worlds')
  .description(
    'Let the line learn which arm has an edge, move the edge, and count how often the arm is chosen.',
  )
  .option(
    '--world <name>',
    `only this one of ${EDGE_WORLDS.join(', ')}; may be given again`,
    named(EDGE_WORLDS),
    [],
  )
  .option(
    '--selection <name>',
    `only this one of ${SELECTIONS.join(', ')}; may be given again`,
    named(SELECTIONS),
    [],
  )
  .option('--seeds <number>', 'worlds of each kind', wholeNumber, 5)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--learn-trades <number>', 'before choices count', wholeNumber, 300)
  .option('--count-trades <number>', 'over which they count', wholeNumber, 300)
  .option('--jobs <number>', 'threads', wholeNumber, availableParallelism())
  .addHelpText(
    'after',
    '\nExit codes: 0 every learning policy finds the arm; 1 one does not, or earns where nothing can be earned; 2 the command.\n' +
      '\nExamples:\n  npm run bandit-worlds\n  npm run bandit-worlds -- --world arm_moves --selection linucb --seeds 2\n',
  )
  .action(run);

await runStudy(command);
