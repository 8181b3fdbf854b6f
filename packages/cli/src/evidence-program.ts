import type { Command } from 'commander';
import { later } from './later.js';

const list = later(async () => (await import('./commands/evidence.js')).listEvidence);
const show = later(async () => (await import('./commands/evidence.js')).showEvidence);

/** `bw evidence` and what is below it. */
export function addEvidence(bw: Command): void {
  const evidence = bw
    .command('evidence')
    .description('See which learned parts and arms are proven, unproven or rejected, and by what numbers.');
  evidence
    .command('list')
    .description(
      'Show the evidence; with --book, who decides in that book on market data, and who stands in shadow.',
    )
    .option('--evidence <file>', 'evidence file (BW_EVIDENCE); default .bellwether/evidence.json')
    .option('--book <file>', 'a book file: how its parts and arms stand')
    .option('--models <place>', 'registry of models (BW_MODELS); default: the shipped one')
    .option('--unsigned-models', 'for development: take models without a signature')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  bw evidence list\n  bw evidence list --book config/books/paper-es.yaml\n',
    )
    .action(list);
  evidence
    .command('show')
    .description('Show everything behind one learned part or arm: numbers, data, run, models, settings.')
    .argument('<name>', 'regime_model, forecast, confidence, sizing_agent, bandit, S1 to S12')
    .option('--evidence <file>', 'evidence file (BW_EVIDENCE); default .bellwether/evidence.json')
    .addHelpText('after', '\nExample:\n  bw evidence show S2\n')
    .action(show);
  evidence.addHelpText('after', '\nExamples:\n  bw evidence list\n  bw evidence show bandit\n');
}
