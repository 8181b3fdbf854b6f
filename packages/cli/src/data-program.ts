import type { Command } from 'commander';
import { withCatalog } from './catalog-program.js';
import { later } from './later.js';

const dataReport = later(async () => (await import('./commands/data-report.js')).dataReport);
const dataVerdict = later(async () => (await import('./commands/data-verdict.js')).dataVerdict);

/** Options that say which file, and what its user knows of it. */
function withFile(command: Command): Command {
  return withCatalog(command)
    .argument(
      '[bars]',
      'bar file (.csv or .csv.gz), or imported bars: catalog:SYMBOL[:1m|5m][:FROM..TO]; default: the synthetic sample',
    )
    .option(
      '--symbol <symbol>',
      'symbol of the file: ES, NQ, MES, MNQ; the cash indexes SPX, NDX and the funds SPY, QQQ by their own kind',
    )
    .option('--contract <code>', 'the one contract they are of, such as ESZ25')
    .option('--synthetic', 'the bars were made by a generator: never called market data')
    .option('--trust-times', 'take the stamps for right although hours or volume speak against them');
}

/** `bw data` and what is below it. */
export function addData(bw: Command): void {
  const data = bw.command('data').description('Say of bars whether they can be believed.');
  withFile(data.command('verdict'))
    .description(
      'Judge a bar file: pass, warn or refuse, each finding with its evidence and what to do next.',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 pass or warn; 2 refuse (or the command); 3 the file cannot be read.\n' +
        'Codes of findings: docs/reference/verdict.md\n' +
        '\nExamples:\n' +
        '  bw data verdict bars.csv.gz --symbol ES\n' +
        '  bw data verdict ndx.csv --symbol NDX --json\n' +
        '  bw data verdict catalog:ES:2025-09-01..\n',
    )
    .action(dataVerdict);
  withFile(data.command('report'))
    .description('Write one page about a bar file: verdict, calendar, gaps, course of the day, features.')
    .requiredOption('--out <file>', 'the page (.html); needs no network')
    .addHelpText(
      'after',
      '\nExit codes: 0 written, whatever the verdict; 2 the command; 3 the file cannot be read.\n' +
        '\nExamples:\n' +
        '  bw data report bars.csv.gz --symbol ES --out report.html\n' +
        '  bw data report --out sample.html\n',
    )
    .action(dataReport);
  data.addHelpText('after', '\nExamples:\n  bw data verdict bars.csv.gz --symbol ES\n');
}
