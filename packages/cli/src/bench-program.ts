import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { later } from './later.js';

const benchBandit = later(async () => (await import('./commands/bench-bandit.js')).benchBandit);

const ROUNDS_MAX = 1_000_000;

function whole(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
    }
    return value;
  };
}

function numberIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** `bw bench` and what is below it. */
export function addBench(bw: Command): void {
  const bench = bw.command('bench').description('Measure what learns here on public problems.');
  bench
    .command('bandit')
    .description('Play a classification table, or the wheel, as a bandit: each class an arm.')
    .option('--csv <file>', 'table with a header, features, and the class last; also .gz')
    .option('--wheel <delta>', 'the wheel bandit instead, of this radius', numberIn(0, 0.999))
    .addOption(
      new Option('--class <column>', 'where the class stands').choices(['first', 'last']).default('last'),
    )
    .option('--no-header', 'the first line is a row')
    .option('--seeds <number>', 'orders of the rows', whole(1_000), 5)
    .option('--rounds <number>', 'at most; default: 10000, of the wheel 20000', whole(ROUNDS_MAX))
    .option(
      '--alpha <number>',
      'weight of the uncertainty; default: 0.15, on the wheel 3',
      numberIn(0, 1_000),
    )
    .option('--ridge <number>', 'that the regressions begin with', numberIn(1e-6, 1e6), 1)
    .option('--jobs <number>', 'threads', whole(256), availableParallelism())
    .option('--svg <file>', 'the curves as a picture')
    .option('--json <file>', 'all figures and curves')
    .addHelpText(
      'after',
      '\nThe delimiter is found by itself: comma, semicolon, tab or blanks. Missing: empty, ?, NA, NaN, null.\n' +
        'packages/bandit-bench/README.md says how rows become contexts.\n' +
        '\nExamples:\n' +
        '  bw bench bandit --csv magic.csv\n' +
        '  bw bench bandit --csv adult.data.gz --no-header --seeds 10 --svg adult.svg\n' +
        '  bw bench bandit --wheel 0.9\n',
    )
    .action(benchBandit);
  bench.addHelpText('after', '\nExamples:\n  bw bench bandit --csv magic.csv\n');
}
