import type { Command } from 'commander';
import { withData } from './program-options.js';
import { later } from './later.js';

const strategiesReport = later(
  async () => (await import('./commands/strategies-report.js')).strategiesReport,
);

/** `bw strategies` and what is below it. */
export function addStrategies(bw: Command): void {
  const strategies = bw.command('strategies').description('Look at the twelve strategies one by one.');
  withData(strategies.command('report'))
    .description(
      'Run each strategy alone over the same bars: trades, hits, mean net R with an interval, costs, excursions.',
    )
    .option('--seed <text>', 'seed of the bootstrap', 'bellwether')
    .option('--research <dir>', 'folder of the research log (BW_RESEARCH); default .bellwether/research')
    .addHelpText(
      'after',
      '\nOn bars of a market each of the twelve counts as a trial of this workspace.\n' +
        '\nExit codes: 0 done; 2 the command; 3 the data.\n' +
        '\nExamples:\n' +
        '  bw strategies report                                      the synthetic sample\n' +
        '  bw strategies report --data bars.csv.gz --symbol ES\n' +
        '  bw strategies report --data catalog:ES:2025-06-01.. --from 2025-09-01 --book my-book.yaml\n',
    )
    .action(strategiesReport);
  strategies.addHelpText('after', '\nExamples:\n  bw strategies report --data bars.csv.gz --symbol ES\n');
}
