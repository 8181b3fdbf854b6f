import { Command } from 'commander';
import { WARM_UP_SESSIONS, knownRegimes, type StateAccuracies } from '@bellwether/training';
import { WORLD_DATES } from '@bellwether/testkit';
import { plainTable } from '../plain-table.js';
import { showProgress } from '../progress.js';
import { runStudy, wholeNumber } from '../study-command.js';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly sessions: number;
}

const AXES = ['four', 'volatility', 'trend'] as const;
/** What issue and guarantee ask for: nine tenths of what can be known. */
const SHARE_MIN = 0.9;

interface Compared {
  readonly seed: string;
  readonly rule: StateAccuracies;
  readonly knowing: StateAccuracies;
}

const shareOf = ({ rule, knowing }: Compared, axis: (typeof AXES)[number]): number =>
  rule[axis] / knowing[axis];

function summaryOf(all: readonly Compared[], axis: (typeof AXES)[number]): string {
  const shares = all.map((one) => shareOf(one, axis)).sort((a, b) => a - b);
  const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
  const short = shares.filter((share) => share < SHARE_MIN).length;
  return `${axis}: mean ${mean.toFixed(3)}, lowest ${(shares[0] ?? NaN).toFixed(3)}, ${short} of ${shares.length} below ${SHARE_MIN}`;
}

function run({ seeds, from, sessions }: Options): void {
  const progress = showProgress('worlds', seeds);
  const all = Array.from({ length: seeds }, (_, i): Compared => {
    const seed = String(from + i);
    const { rule, knowing } = knownRegimes({
      ...{ kind: 'regimes', seed, symbol: 'ES' },
      ...{ firstTradeDate: WORLD_DATES.spring, sessions: WARM_UP_SESSIONS + sessions },
    });
    progress.update(i + 1);
    return { seed, rule, knowing };
  });
  progress.end();
  const rows = all.map((one) => [
    one.seed,
    ...AXES.flatMap((axis) => [
      `${one.rule[axis].toFixed(3)} / ${one.knowing[axis].toFixed(3)}`,
      shareOf(one, axis).toFixed(3),
    ]),
  ]);
  const head = ['seed', ...AXES.flatMap((axis) => [`${axis}, rule / knowing`, 'share'])];
  process.stdout.write(
    `Balanced accuracy of the rule, and of a filter that knows the parameters of the world; ${sessions} sessions.\n\n` +
      `${plainTable(head, rows, [2, 4, 6])}\n\n${AXES.map((axis) => summaryOf(all, axis)).join('\n')}\n`,
  );
}

const command = new Command('known-regimes')
  .description('Compare the regime rule with what can be known of worlds whose states are known.')
  .option('--seeds <number>', 'worlds', wholeNumber, 10)
  .option('--from <number>', 'first seed', wholeNumber, 1)
  .option('--sessions <number>', 'sessions that are compared, behind sixty of warm-up', wholeNumber, 90)
  .addHelpText('after', '\nExample:\n  npm run known-regimes -- --seeds 3 --sessions 35\n')
  .action(run);

await runStudy(command);
