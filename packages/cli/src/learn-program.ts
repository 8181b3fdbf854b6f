import type { Command } from 'commander';
import { later } from './later.js';

const reportLearning = later(async () => (await import('./commands/learn-report.js')).reportLearning);

/** `bw learn` and what is below it. */
export function addLearn(bw: Command): void {
  const learn = bw.command('learn').description('Look at what a book has learned.');
  learn
    .command('report')
    .description(
      'Show arms and their posteriors by regime, regret, exploration, the sizing policy, and what changed since the last promotion.',
    )
    .option('--audit <dir>', 'folder of the audit logs; default .bellwether/data/audit')
    .option('--from <dir>', 'a folder that `bw replay --out` wrote, instead of an audit log')
    .option('--book <name>', 'needed where the folder holds several')
    .option(
      '--models <place>',
      'registry with the trunk and the sizing agent (BW_MODELS); default: the shipped one',
    )
    .option('--unsigned-models', 'for development: ask models without a signature')
    .option('--html <file>', 'also write a page')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nPosteriors are worked out anew from the recorded choices and rewards, over the champion of strategy_selection where there is one.\n' +
        'Regret is against the best arm that could have been fixed beforehand, judged as `bw bandit evaluate` does.\n' +
        '\nExit codes: 0 reported; 2 the command, the log or the registry; 3 a log without decisions.\n' +
        '\nExamples:\n' +
        '  bw learn report\n' +
        '  bw learn report --audit /var/lib/bellwether/audit --book es --html learned.html\n' +
        '  bw learn report --from runs/first --json\n',
    )
    .action(reportLearning);
  learn.addHelpText('after', '\nExamples:\n  bw learn report\n');
}
