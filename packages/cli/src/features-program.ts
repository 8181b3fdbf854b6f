import { InvalidArgumentError, type Command } from 'commander';
import { withSelection } from './program-options.js';
import { later } from './later.js';

const featuresCheck = later(async () => (await import('./commands/features-check.js')).featuresCheck);

/** A run over a file costs its bars for each cut; this many are hours of work already. */
const COUNT_MAX = 1_000;

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > COUNT_MAX) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${COUNT_MAX}.`);
  }
  return value;
}

/** `bw features` and what is below it. */
export function addFeatures(bw: Command): void {
  const features = bw.command('features').description('Look at the 43 features of a bar file.');
  withSelection(features.command('check'))
    .description(
      'Show where each feature has values, that none looks ahead, and how much history each needs.',
    )
    .option('--cuts <number>', 'so many times the file is cut and compared with the whole', count, 24)
    .option('--asked <number>', 'at so many bars history is shortened', count, 8)
    .addHelpText(
      'after',
      '\nExit codes: 0 passed; 1 a feature looks ahead or is told too early; 2 the command; 3 the data.\n' +
        '\nExamples:\n' +
        '  bw features check --data bars.csv.gz --symbol ES\n' +
        '  bw features check --data catalog:ES:2025-09-01.. --cuts 100 --asked 40\n' +
        '  bw features check --data bars.csv.gz --symbol NQ --from 2025-10-01 --to 2025-10-22\n',
    )
    .action(featuresCheck);
  features.addHelpText('after', '\nExamples:\n  bw features check --data bars.csv.gz --symbol ES\n');
}
