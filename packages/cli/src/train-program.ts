import type { Command } from 'commander';
import { buildDataSet } from './commands/dataset.js';
import { train } from './commands/train.js';
import { count, withData } from './program-options.js';

/** `bw train`. */
export function addTrain(bw: Command): void {
  withData(bw.command('train'))
    .argument('<model>', 'all, regime_classifier, rl_model, confidence_prediction or strategy_selection')
    .description('Train a model on bars, say what it is worth on sessions it had not seen, and keep it.')
    .option('--seed <text>', 'the same data and seed give the same bytes', '1')
    .option(
      '--folds <number>',
      'how often it is trained on the past and tested on what came; default 1, with --data 4',
      count,
    )
    .option('--out <dir>', 'folder of the registry', '.bellwether/models')
    .option('--regimes', 'also a variant for each regime, of the forecast and the confidence')
    .option('--force', 'train again what is kept already')
    .addHelpText(
      'after',
      '\nExit codes: 0 trained, whatever it is worth; 2 the command, or too few sessions; 3 the data.\n' +
        '\nExamples:\n' +
        '  bw train all                                              on the synthetic sample\n' +
        '  bw train regime_classifier --data bars.csv.gz --symbol ES\n' +
        '  bw train all --data catalog:ES:1m --seed 7 --folds 6 --out runs/models\n',
    )
    .action(train);
}

/** `bw dataset` and what is below it. */
export function addDataset(bw: Command): void {
  const dataset = bw.command('dataset').description('Make the rows that models are trained on.');
  withData(dataset.command('build'))
    .argument('<model>', 'regime_classifier, rl_model, confidence_prediction or strategy_selection')
    .description('Write features, mask, labels, weights and folds as Parquet, for any tool to train on.')
    .requiredOption('--out <dir>', 'folder of rows.parquet and dataset.json')
    .option('--seed <text>', 'of the forecasts that the confidence model is told', '1')
    .option('--folds <number>', 'folds that are marked; default 1, with --data 4', count)
    .addHelpText(
      'after',
      '\ndocs/how-to/train-elsewhere.md trains on the files and brings the model back.\n' +
        '\nExamples:\n' +
        '  bw dataset build regime_classifier --out runs/rows\n' +
        '  bw dataset build rl_model --data bars.csv.gz --symbol ES --out runs/rows\n',
    )
    .action(buildDataSet);
  dataset.addHelpText('after', '\nExamples:\n  bw dataset build rl_model --out runs/rows\n');
}
