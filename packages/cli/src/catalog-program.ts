import type { Command } from 'commander';
import { archive } from './commands/archive.js';
import { listCatalog, verifyFiles } from './commands/catalog.js';
import { importFiles } from './commands/import.js';

const CATALOG_OPTION = [
  '--catalog <dir>',
  'folder of the catalog (BW_CATALOG); default .bellwether/catalog',
] as const;

/** The option that says where the catalog is, the same in every command. */
export function withCatalog(command: Command): Command {
  return command.option(...CATALOG_OPTION);
}

export function addImport(bw: Command): void {
  withCatalog(bw.command('import'))
    .description('Take bar files into the catalog: checked whole, one Parquet file a trade date.')
    .argument(
      '<files...>',
      'bar files (.csv or .csv.gz: ts,open,high,low,close,volume; ts is the bar open in UTC)',
    )
    .requiredOption('--symbol <symbol>', 'symbol of the bars: ES, NQ, MES or MNQ')
    .option('--contract <code>', 'the one contract they are of, such as ESZ25; default: a continuous series')
    .option('--synthetic', 'the bars were made by a generator; everything made of them says so')
    .option('--replace', 'take the place of bars of the same trade dates that came from another file')
    .option('--trust-times', 'take the stamps for right although hours or volume speak against them')
    .option('--accept-verdict', 'take a file whose verdict is refuse; every result made of it says so')
    .addHelpText(
      'after',
      '\nThe same file twice changes nothing. A file with anything wrong is refused with every line named; one whose\n' +
        'verdict is refuse ends with exit code 2. `bw data verdict` says the same without importing.\n' +
        '\nExamples:\n' +
        '  bw import bars.csv.gz --symbol ES\n' +
        '  bw import es-2025-*.csv --symbol ES --contract ESZ25\n' +
        '  bw import corrected.csv --symbol NQ --replace\n',
    )
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
