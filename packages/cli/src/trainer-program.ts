import { InvalidArgumentError, type Command } from 'commander';
import { withCatalog } from './catalog-program.js';
import { later } from './later.js';
import { collect, count } from './program-options.js';

const runTrainer = later(async () => (await import('./commands/trainer.js')).runTrainer);
const tellDue = later(async () => (await import('./commands/trainer.js')).tellDue);

function moment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Expected a time such as 2026-01-05T02:30:00-06:00.');
  return ms * 1_000;
}

function addRun(trainer: Command): void {
  withCatalog(trainer.command('run'))
    .description('Do the jobs of the calendar table when they are due, one at a time, until Ctrl-C.')
    .option('--once', 'do what is due now, and end')
    .option('--now', 'do the jobs named with --only now, due or not, and end')
    .option('--dry-run', 'only show the table and what is due')
    .option('--only <job>', 'only this job; may be given again', collect, [])
    .option('--data <bars>', 'catalog:SYMBOL[:1m|5m][:FROM..TO]; default: the synthetic sample', collect, [])
    .option('--out <dir>', 'registry: a folder, or nats://host:port', '.bellwether/models')
    .option('--seed <text>', 'of the trainings', '1')
    .option('--folds <number>', 'of the trainings; default as in bw train', count)
    .option('--feeds <file>', 'what is collected (YAML of bw collect); default: nothing')
    .option('--audit <dir>', 'log that the online sizing agent learns from; default that of npm start')
    .option('--audit-book <name>', 'whose sizes, where the log has several books')
    .option('--challenge-calibration', 'a better calibration waits for the review')
    .option('--state <dir>', 'where the last runs are kept; default .bellwether/trainer')
    .addHelpText(
      'after',
      '\nA job that ends is done again at its next due time, and only where a session has ended since. What was broken off goes on.\n' +
        '\nExit codes: 0; with --once and --now 6 where a job failed; 2 the command, or another trainer works on the folder.\n' +
        '\nExamples:\n' +
        '  bw trainer run --dry-run\n' +
        '  bw trainer run --data catalog:ES:1m\n' +
        '  bw trainer run --once --only training --data catalog:ES:1m --out runs/models\n',
    )
    .action(runTrainer);
}

function addDue(trainer: Command): void {
  trainer
    .command('due')
    .description('Say whether a job is due.')
    .argument('<job>', 'its name in the table')
    .option(
      '--cron <line>',
      'of the schedule that started this run: was the time at which it fired a due one?',
    )
    .option('--at <time>', 'asked for this time instead of now', moment)
    .option('--state <dir>', 'where the last runs are kept; default .bellwether/trainer')
    .addHelpText(
      'after',
      '\nExit codes: 0 due; 3 not due; 2 the command.\n' +
        '\nExamples:\n' +
        '  bw trainer due training\n' +
        '  bw trainer due calibration --cron "30 7 * 4-10 *"\n',
    )
    .action(tellDue);
}

/** `bw trainer` and what is below it. */
export function addTrainer(bw: Command): void {
  const trainer = bw
    .command('trainer')
    .description(
      'Train, calibrate and review on a schedule; the service of that name does the same on NATS.',
    );
  addRun(trainer);
  addDue(trainer);
  trainer.addHelpText('after', '\nExamples:\n  bw trainer run --dry-run\n  bw trainer due calibration\n');
}
