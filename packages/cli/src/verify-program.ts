import type { Command } from 'commander';
import { later } from './later.js';
import { tradeDate } from './program-options.js';

const verify = later(async () => (await import('./commands/verify.js')).verify);

/** `bw verify`. */
export function addVerify(bw: Command): void {
  bw.command('verify')
    .description('Compute a recorded day again from its journal, and compare every decision byte for byte.')
    .requiredOption('--book <name>', 'the book')
    .option('--day <date>', 'trade date; default: all that is recorded', tradeDate)
    .option('--store <dir>', 'folder of the store that `bw start` wrote; default .bellwether/data')
    .option('--nats <url>', 'servers, separated by commas: the journal and the decisions of a running system')
    .option('--recorded', 'take the answers of models from the decisions instead of asking the models again')
    .option('--models <place>', 'registry of models that are asked (BW_MODELS); default: the shipped one')
    .option('--unsigned-models', 'for development: ask models without a signature')
    .addHelpText(
      'after',
      '\nThe states of a day rest on all that came before, so the journal is computed from its first entry to the end of the\n' +
        'day, and compared all the way. Exit codes: 0 zero differences; 5 a difference, with entry, stage, field and both values;\n' +
        '2 the command; 3 no such store, book or day; 4 NATS out of reach; 6 a model that was asked is not in the registry\n' +
        '(--recorded needs none).\n' +
        '\nExamples:\n' +
        '  bw verify --book sample --day 2025-04-10\n' +
        '  bw verify --book es --day 2025-10-20 --nats nats://127.0.0.1:4222\n' +
        '  bw verify --book es --recorded\n',
    )
    .action(verify);
}
