import { Command, InvalidArgumentError, Option } from 'commander';
import { addArchive, addCatalog, addImport, withCatalog } from './catalog-program.js';
import { examine, renderFindings } from './commands/doctor.js';
import { replay } from './commands/replay.js';
import { serve } from './commands/serve.js';
import { start } from './commands/start.js';
import { SERVICES } from './replay/services.js';
import { findDecision } from './why/find-decision.js';
import { tellStory } from './why/story.js';

const PORT_DEFAULT = 7_080;

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('Expected a port from 0 to 65535 (0 takes a free one).');
  }
  return value;
}

function tradeDate(text: string): number {
  const digits = text.replaceAll('-', '');
  if (!/^20[0-9]{6}$/.test(digits)) throw new InvalidArgumentError('Expected a date such as 2025-10-20.');
  const date = new Date(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(digits.slice(6))) {
    throw new InvalidArgumentError('There is no such date.');
  }
  return Number(digits);
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number of 0 or more.');
  return value;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Options that say which bars and which book, the same in every command that takes them. */
function withData(command: Command): Command {
  return withCatalog(command)
    .option(
      '--data <bars>',
      'bar file (.csv or .csv.gz: ts,open,high,low,close,volume; ts is the bar open in UTC), or imported bars: ' +
        'catalog:SYMBOL[:1m|5m][:FROM..TO]',
      collect,
      [],
    )
    .option('--symbol <symbol>', 'symbol of each file, in order: ES, NQ, MES or MNQ', collect, [])
    .option(
      '--book <file>',
      'book file (YAML); default: one made for the data, with the defaults of the reference',
    )
    .option('--from <date>', 'first trade date that is decided on; earlier ones warm up', tradeDate)
    .option('--to <date>', 'last trade date', tradeDate)
    .option('--warmup <sessions>', 'how many earlier sessions warm up (needs --from)', count, 60);
}

function addStart(bw: Command): void {
  withData(bw.command('start'))
    .description('Run the main job in one process: feed a book, decide, store, answer over HTTP.')
    .option('--port <port>', 'port of the API on this machine', port, PORT_DEFAULT)
    .option('--store <dir>', 'folder of the journal and the decisions; default .bellwether/data')
    .addHelpText(
      'after',
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
    .option('--kill-each-once', 'nats only: SIGKILL every service but ingestion once at a random moment')
    .option('--kills <number>', 'nats only: SIGKILL this many services, drawn at random', count)
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
    .option('--nats <url>', 'ask the decision stream on NATS')
    .addHelpText('after', '\nExamples:\n  bw why sample-4242\n  bw why es-3f2a91bc-512 --from runs/first\n')
    .action(async (id: string, options: { from?: string; store?: string; nats?: string }) => {
      const { from = null, store = null, nats = null } = options;
      process.stdout.write(`${tellStory(await findDecision(id, { from, store, nats }))}\n`);
    });
}

function addDoctor(bw: Command): void {
  bw.command('doctor')
    .description('Say what this machine lacks and the command that mends it.')
    .option('--port <port>', 'port to look at', port, PORT_DEFAULT)
    .option('--store <dir>', 'data folder to look at', '.bellwether/data')
    .addHelpText('after', '\nExamples:\n  bw doctor\n  bw doctor --port 7081\n')
    .action(async (options: { port: number; store: string }) => {
      const findings = await examine(options.port, options.store);
      process.stdout.write(`${renderFindings(findings)}\n`);
      if (findings.some((finding) => finding.needed && !finding.ok)) process.exitCode = 1;
    });
}

/** The `bw` command: each subcommand with its options and examples. */
export function program(): Command {
  const bw = new Command('bw')
    .description('Bellwether: decisions for futures traders, each with its reasons and its proof.')
    .showHelpAfterError('(run with --help for examples)')
    .configureHelp({ helpWidth: 100 })
    .exitOverride();

  const commands = [addStart, addServe, addReplay, addWhy, addImport, addCatalog, addArchive, addDoctor];
  for (const add of commands) add(bw);
  bw.addHelpText(
    'after',
    '\nExamples:\n  bw start\n  bw replay --data bars.csv.gz --symbol ES\n  bw why sample-4242\n',
  );
  return bw;
}
