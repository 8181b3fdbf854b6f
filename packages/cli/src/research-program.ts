import type { Command } from 'commander';
import { later } from './later.js';

const listResearch = later(async () => (await import('./commands/research.js')).listResearch);

/** `bw research` and what is below it. */
export function addResearch(bw: Command): void {
  const research = bw.command('research').description('Look at what was ever tried in this workspace.');
  research
    .command('list')
    .description('Show every variant ever run, what it came to, and the number of trials.')
    .option('--folder <dir>', 'folder of the research log (BW_RESEARCH); default .bellwether/research')
    .option('--json', 'as JSON, with the daily results')
    .addHelpText('after', '\nExamples:\n  bw research list\n  bw research list --json\n')
    .action(listResearch);
  research.addHelpText('after', '\nExamples:\n  bw research list\n');
}
