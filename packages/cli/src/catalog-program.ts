import { Option, type Command } from 'commander';
import { FORMATS } from '@bellwether/importers';
import { later } from './later.js';

const archive = later(async () => (await import('./commands/archive.js')).archive);
const listCatalog = later(async () => (await import('./commands/catalog.js')).listCatalog);
const verifyFiles = later(async () => (await import('./commands/catalog.js')).verifyFiles);
const importFiles = later(async () => (await import('./commands/import.js')).importFiles);

const CATALOG_OPTION = [
  '--catalog <dir>',
  'folder of the catalog (BW_CATALOG); default .bellwether/catalog',
] as const;

const IMPORT_HELP = `
Formats: ${FORMATS.join(', ')}.
What zone and stamp side each one means is in docs/reference/import.md. The command prints what it found out and from
which evidence; where that conflicts or does not suffice it ends with exit code 2 and says which option settles it.

The same file twice changes nothing. A file with anything wrong is refused with every line named; one whose
verdict is refuse ends with exit code 2. \`bw data verdict\` says the same without importing.

Examples:
  bw import bars.csv.gz --symbol ES
  bw import glbx-mdp3-2025.ohlcv-1m.dbn.zst --contract ESZ25
  bw import 'ES 12-25.Last.txt'
  bw import kibot.txt --symbol ES --format kibot
  bw import mine.txt --symbol NQ --format ninjatrader --zone America/Chicago --stamp open
  bw import index-times-100.dbn --price-factor 0.01
  bw import corrected.csv --symbol NQ --replace
`;

/** The option that says where the catalog is, the same in every command. */
export function withCatalog(command: Command): Command {
  return command.option(...CATALOG_OPTION);
}

export function addImport(bw: Command): void {
  withCatalog(bw.command('import'))
    .description('Take bar files into the catalog: checked whole, one Parquet file a trade date.')
    .argument('<files...>', 'bar files of any format below, also packed (.gz, .zst)')
    .option(
      '--symbol <symbol>',
      'symbol of the bars: ES, NQ, MES or MNQ; needed where the file does not tell it',
    )
    .option('--contract <code>', 'the one contract they are of, such as ESZ25; default: what the file names')
    .addOption(
      new Option('--format <name>', 'layout of the file; auto tells it by its content')
        .choices(['auto', ...FORMATS])
        .default('auto'),
    )
    .option('--zone <name>', 'zone of stamps in wall time, by its IANA name, such as America/New_York')
    .addOption(new Option('--stamp <side>', 'which end of its bar a stamp names').choices(['open', 'close']))
    .option('--instrument <name>', 'which of several instruments, as the file names it')
    .option('--price-factor <number>', 'turns prices as written into points, such as 0.01')
    .option('--synthetic', 'the bars were made by a generator; everything made of them says so')
    .option('--replace', 'take the place of bars of the same trade dates that came from another file')
    .option('--trust-times', 'take the stamps for right although hours or volume speak against them')
    .option('--accept-verdict', 'take a file whose verdict is refuse; every result made of it says so')
    .addHelpText('after', IMPORT_HELP)
    .action(importFiles);
}

export function addCatalog(bw: Command): void {
  const catalog = bw.command('catalog').description('Look at the bars that were imported.');
  withCatalog(catalog.command('list'))
    .description('Show each import: symbol, bars, trade dates, rows, origin, source.')
    .option('--json', 'as JSON, with the SHA-256 of each source and what its import found')
    .addHelpText('after', '\nExamples:\n  bw catalog list\n  bw catalog list --json\n')
    .action(listCatalog);
  withCatalog(catalog.command('verify'))
    .description('Read every file of the catalog and compare it with its manifest.')
    .addHelpText('after', '\nExamples:\n  bw catalog verify\n  bw catalog verify --catalog /data/catalog\n')
    .action(verifyFiles);
  catalog.addHelpText('after', '\nExamples:\n  bw catalog list\n  bw catalog verify\n');
}

export function addArchive(bw: Command): void {
  withCatalog(bw.command('archive'))
    .description('Copy the journal of a book into the catalog, and read the copy back before it counts.')
    .argument('<book>', 'name of the book')
    .option('--store <dir>', 'folder of the store that `bw start` wrote; default .bellwether/data')
    .option('--nats <url>', 'the journal on NATS instead')
    .addHelpText(
      'after',
      '\nA second run copies what is new. The journal keeps its entries: nothing can be taken out of it yet.\n' +
        '\nExamples:\n  bw archive sample\n  bw archive es --nats nats://127.0.0.1:4222\n',
    )
    .action(archive);
}
