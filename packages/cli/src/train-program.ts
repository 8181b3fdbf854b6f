import type { Command } from 'commander';
import { later } from './later.js';
import { amount, count, withData } from './program-options.js';

const buildDataSet = later(async () => (await import('./commands/dataset.js')).buildDataSet);
const calibrate = later(async () => (await import('./commands/calibrate.js')).calibrate);
const train = later(async () => (await import('./commands/train.js')).train);

/** `bw train`. */
export function addTrain(bw: Command): void {
  withData(bw.command('train'))
    .argument(
      '<model>',
      'all, regime_classifier, rl_model, confidence_prediction, strategy_selection, rl/cvar_ppo_agent, rl/test_cvar_ppo or rl/sac_agent',
    )
    .description('Train a model on bars, say what it is worth on sessions it had not seen, and keep it.')
    .option('--seed <text>', 'the same data and seed give the same bytes', '1')
    .option(
      '--folds <number>',
      'how often it is trained on the past and tested on what came; default 1, with --data 4',
      count,
    )
    .option('--out <dir>', 'registry: a folder, or nats://host:port', '.bellwether/models')
    .option(
      '--audit <dir>',
      'strategy_selection from the choices of an audit log, instead of bars; rl/sac_agent from its sizes',
    )
    .option('--run <dir>', 'the same from a folder that `bw replay --out` wrote')
    .option('--of-book <name>', 'whose, where the log holds several books')
    .option('--clip <number>', 'largest weight of a choice, with --audit or --run; default 10', Number)
    .option('--regimes', 'also a variant for each regime, of the forecast and the confidence')
    .option('--challenge', 'a new model becomes challenger where the place has a champion')
    .option('--force', 'train again what is kept already')
    .option('--batches <number>', 'sizing agents: batches of episodes; default 2', count)
    .option('--episodes <number>', 'sizing agents: episodes of a batch; default 200, the least', count)
    .option(
      '--tail <R>',
      'sizing agents: CVaR 95 % of a session that is allowed; default that of multiplier 1',
      amount,
    )
    .option('--lessons <number>', 'rl/sac_agent: steps of learning; default 3000', count)
    .addHelpText(
      'after',
      '\nFrom a log each trade is weighted by one over the probability that its arm was drawn by, so that what a book preferred does not\n' +
        'look better for it. A thin log is refused (log_thin).\n' +
        "\nBroken off, it goes on where it was: behind the last fold that was done, or the last of an agent's two policies.\n" +
        '\nThe sizing agents act in the line itself, with the models of the registry that --out names. rl/sac_agent learns from audited\n' +
        'decisions, is not part of all, and refuses a log that is too thin (sizing_log_thin).\n' +
        '\nExit codes: 0 trained, whatever it is worth; 2 the command, or too few sessions; 3 the data.\n' +
        '\nExamples:\n' +
        '  bw train all                                              on the synthetic sample\n' +
        '  bw train regime_classifier --data bars.csv.gz --symbol ES\n' +
        '  bw train strategy_selection --audit .bellwether/data/audit --of-book es --challenge\n' +
        '  bw train all --data catalog:ES:1m --seed 7 --folds 6 --out runs/models\n' +
        '  bw train rl/cvar_ppo_agent --data catalog:ES:1m --batches 100 --tail 3\n' +
        '  bw train rl/sac_agent --audit .bellwether/data/audit --challenge\n',
    )
    .action(train);
}

/** `bw calibrate`. */
export function addCalibrate(bw: Command): void {
  withData(bw.command('calibrate'))
    .argument('<model>', 'all, regime_classifier, rl_model or confidence_prediction')
    .description(
      'Fit the calibration of a champion on sessions that came after its training, and keep a better one.',
    )
    .option('--challenge', 'a better one becomes challenger')
    .option('--promote', 'a better one becomes champion')
    .addHelpText(
      'after',
      '\nThe graph stays the same, byte for byte. The older half of the newest sessions fits, the newer half judges: log loss and\n' +
        'Brier score must both be lower than with the map in use.\n' +
        '\nExit codes: 0 looked at, whether or not one was better; 2 the command or the registry; 3 the data.\n' +
        '\nExamples:\n' +
        '  bw calibrate all --data catalog:ES:1m --models runs/models --challenge\n' +
        '  bw calibrate regime_classifier --data bars.csv.gz --symbol ES --models nats://127.0.0.1:4222\n',
    )
    .action(calibrate);
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
