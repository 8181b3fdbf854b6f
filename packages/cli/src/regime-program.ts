import type { Command } from 'commander';
import { withSelection } from './program-options.js';
import { later } from './later.js';

const regimeReportCommand = later(
  async () => (await import('./commands/regime-report.js')).regimeReportCommand,
);

/** `bw regime` and what is below it. */
export function addRegime(bw: Command): void {
  const regime = bw.command('regime').description('Look at what the regime stage says of a bar file.');
  withSelection(regime.command('report'))
    .description(
      'Show the time in each state, gate, dwell and switches, and what both axes are worth against their baselines.',
    )
    .option('--out <file>', 'also write a page (.html) or a picture (.svg)')
    .addHelpText(
      'after',
      '\nExit codes: 0 reported; 2 the command; 3 the data.\n' +
        '\nExamples:\n' +
        '  bw regime report --data bars.csv.gz --symbol ES\n' +
        '  bw regime report --data catalog:ES:2025-01-01.. --from 2025-06-01 --out regime.html\n' +
        '\n--from and --to say what is reported; bars before --from are history all the same.\n',
    )
    .action(regimeReportCommand);
  regime.addHelpText('after', '\nExamples:\n  bw regime report --data bars.csv.gz --symbol ES\n');
}
