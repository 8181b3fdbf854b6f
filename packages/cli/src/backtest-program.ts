import { InvalidArgumentError, Option, type Command } from 'commander';
import { availableParallelism } from 'node:os';
import { count, withData } from './program-options.js';
import { later } from './later.js';

const backtest = later(async () => (await import('./commands/backtest.js')).backtest);
const sweep = later(async () => (await import('./commands/sweep.js')).sweep);

const CUTS_DEFAULT = 10;

function dollars(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 10_000_000)
    throw new InvalidArgumentError('Expected an amount above 0 in US dollars.');
  return value;
}

/** `bw backtest`. */
export function addBacktest(bw: Command): void {
  withData(bw.command('backtest'))
    .description('Run bars through the whole line and say what it came to, with numbers that can say no.')
    .addOption(
      new Option(
        '--policy <name>',
        "who decides, whatever the book says: rules alone, or the registry's models beside them",
      ).choices(['rules', 'learned']),
    )
    .option('--allow-overlap', 'run with models that were trained on the tested days; every page says so')
    .option('--out <dir>', 'folder of the report; default .bellwether/backtests/<book>')
    .option('--json', 'print report.json instead of text')
    .option('--train <sessions>', 'walk forward: sessions to fit on', count)
    .option('--validate <sessions>', 'walk forward: sessions to choose by', count)
    .option('--test <sessions>', 'walk forward: sessions that are looked at once', count)
    .option('--embargo <sessions>', 'walk forward: sessions left out before validation and test', count, 1)
    .option('--target <usd>', 'profit that passes an evaluation; default 6 % of the start balance', dollars)
    .option('--accept-verdict', 'run on data that the verdict refuses; the report says so')
    .option('--research <dir>', 'folder of the research log (BW_RESEARCH); default .bellwether/research')
    .option(
      '--check',
      'cut the data behind random decisions and compare: no decision may have seen what came later',
    )
    .option('--cuts <number>', 'how many cuts --check makes', count, CUTS_DEFAULT)
    .option('--seed <text>', 'seed of the cuts', 'check')
    .addHelpText(
      'after',
      '\nExit codes: 0 a report, whatever it says; 2 the command, data that are refused or too short; 5 --check found a difference\n' +
        'Under the policy learned the bandit, the online forecast and calibration learn inside the run, as they would live. Models stay as the\n' +
        'registry has them; one that was trained on the tested days, or later ones, is refused (models_in_sample, exit code 2).\n' +
        'With --models walk-forward, --train and --test the models are trained before each fold on its earlier sessions, and only the tests are run.\n' +
        '\nExamples:\n' +
        '  bw backtest                                              the synthetic sample\n' +
        '  bw backtest --data bars.csv.gz --symbol ES --out runs/es\n' +
        '  bw backtest --data catalog:ES:1m --from 2025-06-01 --policy learned --models my-models\n' +
        '  bw backtest --data catalog:ES:1m --models walk-forward --train 120 --test 20\n' +
        '  bw backtest --data catalog:ES:1m --from 2025-06-01 --train 60 --test 20\n' +
        '  bw backtest --data bars.csv.gz --symbol ES --check --cuts 20\n',
    )
    .action(backtest);
}

/** `bw sweep`. */
export function addSweep(bw: Command): void {
  withData(bw.command('sweep'))
    .description(
      'Run every variant of a grid of settings, and judge them together with all that was tried before.',
    )
    .requiredOption('--grid <file>', 'YAML: settings of the book file by their path, each with values to try')
    .option(
      '--out <dir>',
      'folder of books and results; a sweep that was ended goes on there',
      '.bellwether/sweep',
    )
    .option('--jobs <number>', 'threads', count, availableParallelism())
    .option('--accept-verdict', 'run on data that the verdict refuses')
    .option('--research <dir>', 'folder of the research log (BW_RESEARCH); default .bellwether/research')
    .addHelpText(
      'after',
      '\nEvery variant counts as a trial of this workspace, in all later results too.\n' +
        '\nExamples:\n  bw sweep --grid grid.yaml\n' +
        '  bw sweep --grid grid.yaml --data catalog:ES:1m --from 2025-06-01 --out runs/sweep\n',
    )
    .action(sweep);
}
