import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { StrategyName, type Strategy } from '@bellwether/contracts';
import { plainTable } from '../plain-table.js';
import { money } from '../replay/report.js';
import { ALL_STRATEGIES } from '../strategies/arm-run.js';
import type { NetSummary } from '../strategies/planted-edge.js';
import { runPlanted, type PlantedArms } from './planted-system.js';

interface Options {
  readonly strategy: Strategy;
  readonly seed: string;
  readonly sessions: number;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 2_000) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 2000.');
  }
  return value;
}

function strategyNamed(text: string): Strategy {
  const found = ALL_STRATEGIES.find((one) => StrategyName[one] === text.toLowerCase());
  if (found === undefined) throw new InvalidArgumentError('Expected S1 to S12.');
  return found;
}

const TITLES: Readonly<Record<PlantedArms, (arm: string) => string>> = {
  all: () => 'all arms',
  without: (arm) => `without ${arm}`,
  alone: (arm) => `${arm} alone`,
};

const said = ({ mean_r, error_r }: NetSummary): string =>
  Number.isNaN(error_r) ? '' : `${mean_r.toFixed(3)} ± ${error_r.toFixed(3)}`;

function run({ strategy, seed, sessions }: Options): void {
  const rows = (['all', 'without', 'alone'] as const).map((arms) => {
    const { all, arm, net_cents, sharpe, deflated } = runPlanted({ strategy, seed, sessions, arms });
    return [
      ...[TITLES[arms](StrategyName[strategy]), all.trades, said(all), arm.trades, said(arm)],
      ...[money(net_cents), sharpe.value?.toFixed(3) ?? '', deflated.value?.toFixed(3) ?? ''],
    ];
  });
  const head = ['system', 'trades', 'net R', 'of the arm', 'net R', 'net', 'Sharpe a day', 'deflated'];
  process.stdout.write(
    `One world of ${sessions} sessions, seed ${seed}; ${StrategyName[strategy]} earns +0.15 R a trade in its regime.\n\n` +
      `${plainTable(head, rows, [1, 2, 3, 4, 5, 6, 7])}\n`,
  );
}

const command = new Command('backtest-planted')
  .description(
    'Plant an edge for one arm, and see whether the whole system finds it, and loses it with the arm.',
  )
  .option('--strategy <name>', 'S1 to S12', strategyNamed, ALL_STRATEGIES[5])
  .option('--seed <text>', 'of the world', 'edge-1')
  .option('--sessions <number>', 'of the world', whole, 400)
  .addHelpText(
    'after',
    '\nExamples:\n  npm run backtest-planted\n  npm run backtest-planted -- --strategy S2\n',
  )
  .exitOverride()
  .action(run);

try {
  command.parse();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
