import type { Command } from 'commander';
import { TARGET_NAMES, TRUNK_POLICY } from '@bellwether/bandit';
import { later } from './later.js';
import { collect } from './program-options.js';

const evaluateBandit = later(async () => (await import('./commands/bandit-evaluate.js')).evaluateBandit);

/** `bw bandit` and what is below it. */
export function addBandit(bw: Command): void {
  const bandit = bw.command('bandit').description('Judge policies that choose strategies.');
  bandit
    .command('evaluate')
    .description('Say what a policy would have earned, from the choices that a book has logged.')
    .option(
      '--policy <name>',
      `${TARGET_NAMES.join(', ')}, ${TRUNK_POLICY}, or fixed:S1 to fixed:S12; may be given again; default: all of the first`,
      collect,
      [],
    )
    .option('--audit <dir>', 'folder of the audit logs; default .bellwether/data/audit')
    .option('--from <dir>', 'a folder that `bw replay --out` wrote, instead of an audit log')
    .option('--book <name>', 'needed where the folder holds several')
    .option('--models <place>', 'registry with the trunk of neural_linear; default .bellwether/models')
    .option('--unsigned-models', 'take one without a signature')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nneural_linear is judged over the champion of strategy_selection, whatever policy made the log.\n' +
        '\nValues are in R a choice, after costs; a choice that became no trade counts 0. Intervals hold the true value in\n' +
        '90 of 100 logs. A log that hardly chose what the policy would is refused, with the reason.\n' +
        '\nExamples:\n' +
        '  bw bandit evaluate --policy uniform --policy linucb\n' +
        '  bw bandit evaluate --policy fixed:S2 --audit /var/lib/bellwether/audit --book es\n' +
        '  bw bandit evaluate --from runs/first\n',
    )
    .action(evaluateBandit);
  bandit.addHelpText('after', '\nExamples:\n  bw bandit evaluate --policy uniform\n');
}
