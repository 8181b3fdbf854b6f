import { Command, Option } from 'commander';
import { dataLine } from '@bellwether/verdict';
import { addAblate } from './ablate-program.js';
import { addEvidence } from './evidence-program.js';
import { addArchive, addCatalog, addImport } from './catalog-program.js';
import type { VerifyCommandOptions, LogOptions } from './commands/audit.js';
import type { OperatorOptions } from './commands/operator.js';
import { addBacktest, addSweep } from './backtest-program.js';
import { addBandit } from './bandit-program.js';
import { addLearn } from './learn-program.js';
import { addBench } from './bench-program.js';
import { addData } from './data-program.js';
import { addCollect, addEvents } from './events-program.js';
import { addFeatures } from './features-program.js';
import { addModels } from './models-program.js';
import { addRegime } from './regime-program.js';
import { collect, count, port, withData } from './program-options.js';
import { addStrategies } from './strategies-program.js';
import { addCalibrate, addDataset, addTrain } from './train-program.js';
import { addTrainer } from './trainer-program.js';
import { addVerify } from './verify-program.js';
import { SERVICES } from './replay/services.js';
import { addResearch } from './research-program.js';
import { later } from './later.js';

const head = later(async () => (await import('./commands/audit.js')).head);
const show = later(async () => (await import('./commands/audit.js')).show);
const verify = later(async () => (await import('./commands/audit.js')).verify);
const account = later(async () => (await import('./commands/account.js')).account);
const examine = later(async () => (await import('./commands/doctor.js')).examine);
const renderFindings = later(async () => (await import('./commands/doctor.js')).renderFindings);
const operator = later(async () => (await import('./commands/operator.js')).operator);
const replay = later(async () => (await import('./commands/replay.js')).replay);
const serve = later(async () => (await import('./commands/serve.js')).serve);
const start = later(async () => (await import('./commands/start.js')).start);
const tellProof = later(async () => (await import('./why/audit-proof.js')).tellProof);
const findDecision = later(async () => (await import('./why/find-decision.js')).findDecision);
const tellStory = later(async () => (await import('./why/story.js')).tellStory);

const PORT_DEFAULT = 7_080;

function addStart(bw: Command): void {
  withData(bw.command('start'))
    .description('Run the main job in one process: feed a book, decide, store, answer over HTTP.')
    .option('--port <port>', 'port of the API on this machine', port, PORT_DEFAULT)
    .option('--store <dir>', 'folder of the journal and the decisions; default .bellwether/data')
    .option(
      '--evidence <file>',
      'what of a book of market data may decide (BW_EVIDENCE); default .bellwether/evidence.json',
    )
    .addHelpText(
      'after',
      '\nOn market data only what is proven decides; the rest stands in shadow unless the book file overrides: docs/how-to/evidence.md\n' +
        '\nExamples:\n' +
        '  bw start                                        the synthetic sample, served on port 7080\n' +
        '  bw start --data bars.csv.gz --symbol ES         your bars\n' +
        '  bw start --data catalog:ES:2025-10-01..         imported bars\n' +
        '  bw start --book config/books/paper-es.yaml      a live paper book; send bars to POST /v1/tick\n',
    )
    .action(start);
}

function addServe(bw: Command): void {
  bw.command('serve')
    .description('Run one service on NATS, as compose and Kubernetes do.')
    .argument('<service>', SERVICES.join(', '))
    .option('--nats <url>', 'servers, separated by commas (BW_NATS_URL)')
    .option('--books <names>', 'books of a stage or of execution, separated by commas (BW_BOOKS)')
    .addHelpText(
      'after',
      '\nOther settings come from the environment: docs/reference/settings.md\n\nExamples:\n' +
        '  bw serve risk --books es --nats nats://127.0.0.1:4222\n' +
        '  BW_BOOK_FILES=config/books/paper-es.yaml bw serve gateway\n',
    )
    .action(serve);
}

function addReplay(bw: Command): void {
  withData(bw.command('replay'))
    .description('Run bars through the whole line and print what it decided, ending in a digest.')
    .addOption(
      new Option('--transport <kind>', 'in this process, or over NATS with one process per service')
        .choices(['memory', 'nats'])
        .default('memory'),
    )
    .option(
      '--out <dir>',
      'folder for decisions.frames, trades.csv and summary.json; default .bellwether/replays/<book>',
    )
    .option(
      '--kill-each-once',
      'nats only: SIGKILL every service but ingestion, and the nats-server of the run, once at a random moment',
    )
    .option(
      '--kills <number>',
      'nats only: SIGKILL so many times, each time one of them drawn at random',
      count,
    )
    .option('--seed <text>', 'seed of those moments; default: drawn and printed')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  bw replay                                                   the synthetic sample\n' +
        '  bw replay --data bars.csv.gz --symbol ES --out runs/first\n' +
        '  bw replay --data bars.csv.gz --symbol ES --from 2025-10-22 --transport nats\n' +
        '  bw replay --data catalog:ES:2025-10-01..2025-10-22 --data catalog:NQ:2025-10-01..2025-10-22\n' +
        '  bw replay --from 2025-04-10 --transport nats --kill-each-once --seed 7\n',
    )
    .action(replay);
}

function addWhy(bw: Command): void {
  bw.command('why')
    .description('Tell a decision as a story: what came in, what each stage said, what decided.')
    .argument('<decision>', 'its id, for example sample-4242')
    .option('--from <dir>', 'folder that `bw replay --out` wrote')
    .option('--store <dir>', 'folder of the store that `bw start` wrote')
    .option('--nats <url>', 'ask the audit service on NATS')
    .addHelpText('after', '\nExamples:\n  bw why sample-4242\n  bw why es-3f2a91bc-512 --from runs/first\n')
    .action(async (id: string, options: { from?: string; store?: string; nats?: string }) => {
      const { from = null, store = null, nats = null } = options;
      const { frame, proof, data } = await findDecision(id, { from, store, nats });
      process.stdout.write(`${await tellStory(frame)}\n\n${dataLine(data)}\n${await tellProof(proof)}\n`);
    });
}

function addAudit(bw: Command): void {
  const audit = bw.command('audit').description('Check the audit log, and show what is in it.');
  const withLog = (command: Command): Command =>
    command
      .option('--folder <dir>', 'folder of the logs; default .bellwether/data/audit')
      .option('--book <name>', 'book whose log is meant; default: all that are there', collect, []);
  withLog(audit.command('verify'))
    .description('Check logs from their bytes alone, whether or not a service runs on them.')
    .option('--public-key <file>', 'key that the heads must be signed with (PEM)', collect, [])
    .option('--head <file>', 'a head that you kept (bw audit head): the log must still hold it')
    .option('--frames', 'decode every frame too: canonical bytes, with the number of its record')
    .option('--nats <url>', 'also compare the end of each log with the decision stream')
    .addHelpText(
      'after',
      '\nExit codes: 0 all verified; 5 a log is not what was written; 2 the command; 3 no log there, or unreadable;\n' +
        '4 NATS out of reach. What each change shows up by, and what none can show: docs/guarantees/audit.md\n' +
        '\nExamples:\n' +
        '  bw audit verify\n' +
        '  bw audit verify --folder /var/lib/bellwether/audit --book es --public-key audit-key.pub.pem\n' +
        '  bw audit verify --book es --head kept-on-friday.json\n' +
        '  bw audit verify --folder audit --nats nats://127.0.0.1:4222\n',
    )
    .action((options: VerifyCommandOptions) => verify(options));
  withLog(audit.command('head'))
    .description(
      'Print the newest signed head. Keep one elsewhere: it shows later that nothing was cut or remade.',
    )
    .addHelpText('after', '\nExamples:\n  bw audit head --book es > kept-on-friday.json\n')
    .action((options: LogOptions) => head(options));
  audit
    .command('show')
    .description('Say which record covers a decision, its hash, and where it stands.')
    .argument('<decision>', 'its id, for example sample-4242')
    .option('--folder <dir>', 'folder of the logs; default .bellwether/data/audit')
    .addHelpText('after', '\nExamples:\n  bw audit show sample-4242\n')
    .action((id: string, options: { folder?: string }) => show(id, options));
}

function addDoctor(bw: Command): void {
  bw.command('doctor')
    .description('Say what this machine lacks and the command that mends it.')
    .option('--port <port>', 'port to look at', port, PORT_DEFAULT)
    .option('--store <dir>', 'data folder to look at', '.bellwether/data')
    .addHelpText('after', '\nExamples:\n  bw doctor\n  bw doctor --port 7081\n')
    .action(async (options: { port: number; store: string }) => {
      const findings = await examine(options.port, options.store);
      process.stdout.write(`${await renderFindings(findings)}\n`);
      if (findings.some((finding) => finding.needed && !finding.ok)) process.exitCode = 1;
    });
}

function addAccount(bw: Command): void {
  bw.command('account')
    .description(
      'Show the days of a replayed book: balance, floor, worst headroom, latches, refusals by reason.',
    )
    .requiredOption('--from <dir>', 'folder that `bw replay --out` wrote')
    .addHelpText('after', '\nExamples:\n  bw account --from runs/first\n')
    .action((options: { from: string }) => account(options));
}

function addOperator(bw: Command): void {
  bw.command('operator')
    .description('Tell a running book what to do. The command becomes an entry of its journal.')
    .argument('<action>', 'kill, resume, dry-run or flatten')
    .option('--url <url>', 'the gateway', `http://127.0.0.1:${PORT_DEFAULT}`)
    .option('--book <name>', 'needed where the gateway serves several')
    .option('--note <text>', 'why, for the record', '')
    .option('--id <id>', 'id of the command; the same again has no second effect')
    .option('--token-file <file>', 'file with the token; default: operator-token in the store')
    .option('--store <dir>', 'folder of the store that `bw start` serves')
    .addHelpText(
      'after',
      '\nA kill closes everything and locks the trade date; no command clears it before 17:00 Chicago.\n' +
        '\nExamples:\n  bw operator kill --note "news"\n  bw operator resume\n',
    )
    .action((action: string, options: OperatorOptions) => operator(action, options));
}

/** The `bw` command: each subcommand with its options and examples. */
export function program(): Command {
  const bw = new Command('bw')
    .description('Bellwether: decisions for futures traders, each with its reasons and its proof.')
    .showHelpAfterError('(run with --help for examples)')
    .configureHelp({ helpWidth: 100 })
    .exitOverride();

  const commands = [
    addStart,
    addServe,
    addReplay,
    addBacktest,
    addSweep,
    addAblate,
    addEvidence,
    addWhy,
    addVerify,
    addAudit,
    addAccount,
    addOperator,
  ];
  const data = [
    addImport,
    addData,
    addCatalog,
    addArchive,
    addFeatures,
    addRegime,
    addStrategies,
    addResearch,
    addModels,
    addEvents,
    addCollect,
    addDataset,
    addTrain,
    addCalibrate,
    addTrainer,
    addBandit,
    addLearn,
    addBench,
  ];
  for (const add of [...commands, ...data, addDoctor]) add(bw);
  bw.addHelpText(
    'after',
    '\nExamples:\n  bw start\n  bw replay --data bars.csv.gz --symbol ES\n  bw why sample-4242\n',
  );
  return bw;
}
