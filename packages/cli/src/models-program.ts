import { InvalidArgumentError, type Command } from 'commander';
import { later } from './later.js';
import { collect, withData } from './program-options.js';

const addModel = later(async () => (await import('./commands/models.js')).addModel);
const bundleModel = later(async () => (await import('./commands/models.js')).bundleModel);
const challengeModel = later(async () => (await import('./commands/models.js')).challengeModel);
const listModels = later(async () => (await import('./commands/models.js')).listModels);
const modelHistory = later(async () => (await import('./commands/models.js')).modelHistory);
const promoteModel = later(async () => (await import('./commands/models.js')).promoteModel);
const pullModel = later(async () => (await import('./commands/models.js')).pullModel);
const retireModel = later(async () => (await import('./commands/models.js')).retireModel);
const reviewModels = later(async () => (await import('./commands/models-review.js')).reviewModels);
const rollbackModel = later(async () => (await import('./commands/models.js')).rollbackModel);
const showShadow = later(async () => (await import('./commands/models-review.js')).showShadow);
const verifyModels = later(async () => (await import('./commands/models.js')).verifyModels);

function moment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Expected a time such as 2026-01-05T10:32:00-06:00.');
  return ms * 1_000;
}

const withRegistry = (command: Command): Command =>
  command
    .option('--models <dir>', 'registry of models (BW_MODELS); default: the shipped one')
    .option('--unsigned-models', 'for development: take models without a signature');

const PLACE = 'place of the model: its name, or name@regime, such as rl_model@calm_chop';

function addLooking(models: Command): void {
  withRegistry(models.command('list'))
    .description('Show each place, its champion, challenger and versions.')
    .option('--json', 'as JSON')
    .action(listModels);
  withRegistry(models.command('verify'))
    .description('Check every model: hashes, signature, graph, golden answers. Exit code 2 where one fails.')
    .action(verifyModels);
  withRegistry(models.command('history'))
    .description('Show every change, or which model decided at a time.')
    .option('--at <time>', 'a time with its zone, such as 2026-01-05T10:32:00-06:00', moment)
    .action(modelHistory);
}

function addTaking(models: Command): void {
  withRegistry(models.command('add'))
    .description("Take a model that was trained elsewhere: it is checked and signed with this machine's key.")
    .argument('<file>', 'model.onnx')
    .requiredOption('--facts <file>', 'JSON: the manifest without hashes and signature')
    .requiredOption('--golden <file>', 'JSON: rows with what the model must answer')
    .requiredOption('--card <file>', 'what it is, for people (Markdown)')
    .action(addModel);
  withRegistry(models.command('pull'))
    .description('Fetch a signed bundle by URL or file, check it, and keep it. Promotes nothing.')
    .argument('<source>', 'https://… or a file')
    .option('--sha256 <hash>', 'of the bundle, where it is known')
    .action(pullModel);
  withRegistry(models.command('bundle'))
    .description('Write a model into one file that `bw models pull` takes.')
    .argument('<place>', PLACE)
    .argument('<version>', 'version')
    .option('--out <file>', 'the file; default: <place>-<version>.bwmodel in this folder')
    .action(bundleModel);
}

function addDeciding(models: Command): void {
  const changing = (name: string, text: string): Command =>
    withRegistry(models.command(name)).description(text).option('--note <text>', 'why, for the record', '');
  changing('promote', 'Make a model champion: books with policy: learned ask it from their next adoption on.')
    .argument('<place>', PLACE)
    .argument('<version>', 'version')
    .action(promoteModel);
  changing('challenge', 'Let a model answer in shadow, beside the champion and never in a decision.')
    .argument('<place>', PLACE)
    .argument('<version>', 'version')
    .action(challengeModel);
  changing('rollback', 'Make the champion before this one champion again.')
    .argument('<place>', PLACE)
    .action(rollbackModel);
  changing('retire', 'Let no model decide in this place.').argument('<place>', PLACE).action(retireModel);
}

const withSource = (command: Command): Command =>
  withData(command)
    .option(
      '--live <book>',
      'what the shadow of this running book has kept, in place of a replay',
      collect,
      [],
    )
    .option('--store <dir>', 'store of the running book; default .bellwether/data')
    .option('--nats <servers>', 'NATS of the running book (NATS_URL)');

function addReviewing(models: Command): void {
  withSource(models.command('shadow'))
    .description('Show challengers beside champions: losses, calibration, refusals, latency, and a picture.')
    .action(showShadow);
  withSource(models.command('review'))
    .description(
      'Hold challengers against every gate, and note the result. Without data: the synthetic sample.',
    )
    .argument('[place]', PLACE)
    .option('--all', 'every place that has a challenger')
    .option('--promote', 'promote a challenger that passes every gate')
    .option('--json', 'as JSON')
    .action(reviewModels);
}

/** `bw models` and what is below it. */
export function addModels(bw: Command): void {
  const models = bw.command('models').description('Look at models, take them in, and say which one decides.');
  addLooking(models);
  addTaking(models);
  addDeciding(models);
  addReviewing(models);
  models.addHelpText(
    'after',
    '\nExamples:\n' +
      '  bw models list\n' +
      '  bw models verify\n' +
      '  bw models pull https://example.com/regime-7.bwmodel\n' +
      '  bw models promote regime_classifier 7 --note "better on three folds"\n' +
      '  bw models shadow --data ES.csv.gz --symbol ES\n' +
      '  bw models review --all --live es-live --promote\n' +
      '  bw models rollback regime_classifier\n' +
      '  bw models history --at 2026-01-05T10:32:00-06:00\n',
  );
}
