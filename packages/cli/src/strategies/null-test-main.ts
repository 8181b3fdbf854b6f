import { Command } from 'commander';
import { StrategyName, type Strategy } from '@bellwether/contracts';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';
import { ALL_STRATEGIES } from './arm-run.js';
import { mostAbove, nullVerdict, runSeed, type NullVerdict } from './null-test.js';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly sessions: number;
}

/** Fewer trades of an arm, over all seeds, say nothing. */
const TRADES_MIN = 100;

function rowOf(one: NullVerdict, most: number): readonly (string | number)[] {
  const fixed = (value: number | null): string => (value === null ? '' : value.toFixed(3));
  const few = one.trades < TRADES_MIN;
  const verdict = few ? `fewer than ${TRADES_MIN} trades: not judged` : one.above > most ? 'TOO MANY' : 'ok';
  const costs = one.costs ? 'costs of the book' : 'none';
  return [
    ...[StrategyName[one.strategy], costs, one.trades, fixed(one.meanR), fixed(one.deviationR)],
    ...[one.judged, one.above, verdict],
  ];
}

async function run({ seeds, from, sessions }: Options): Promise<void> {
  const nets = new Map<string, number[][]>();
  const key = (strategy: Strategy, costs: boolean): string => `${strategy}:${String(costs)}`;
  const progress = showProgress('seeds', seeds);
  for (let i = 0; i < seeds; i++) {
    for (const result of await runSeed(String(from + i), sessions)) {
      const name = key(result.strategy, result.costs);
      nets.set(name, [...(nets.get(name) ?? []), [...result.nets]]);
    }
    progress.update(i + 1);
  }
  progress.end();
  const most = mostAbove(seeds);
  const verdicts = [true, false].flatMap((costs) =>
    ALL_STRATEGIES.map((strategy) => nullVerdict(strategy, costs, nets.get(key(strategy, costs)) ?? [])),
  );
  const head = ['arm', 'costs', 'trades', 'mean R', 'deviation', 'seeds', 'above 5 %', ''];
  process.stdout.write(
    `Random walks, seeds ${from} to ${from + seeds - 1}, ${sessions} sessions each; at most ${most} of ${seeds} may lie above.\n\n` +
      `${plainTable(
        head,
        verdicts.map((one) => rowOf(one, most)),
        [2, 3, 4, 5, 6],
      )}\n`,
  );
  if (verdicts.some((one) => one.trades >= TRADES_MIN && one.above > most)) process.exitCode = 1;
}

const command = new Command('null-test')
  .description('Run each strategy alone on random walks and count the seeds that look as if it had an edge.')
  .option('--seeds <number>', 'random walks', wholeNumber, 100)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--sessions <number>', 'sessions that are decided on in each', wholeNumber, 20)
  .addHelpText(
    'after',
    '\nExit codes: 0 no strategy above the level too often; 1 one is; 2 the command.\n' +
      '\nExamples:\n  npm run null-test -- --seeds 100\n  npm run null-test -- --seeds 5 --from 200 --sessions 20\n',
  )
  .action(run);

await runStudy(command);
