import Table from 'cli-table3';
import {
  Catalog,
  CatalogPlaces,
  overviewOf,
  verifyCatalog,
  type CatalogVerdict,
  type ImportOverview,
} from '@bellwether/catalog';
import { BellwetherError } from '@bellwether/contracts';
import { catalogFolder } from '../folders.js';
import { showProgress, type Progress } from '../progress.js';

const numberText = (value: number): string => value.toLocaleString('en-US');

/** The table of `bw catalog list`. */
export function renderCatalog(imports: readonly ImportOverview[]): string {
  const table = new Table({
    head: [
      'symbol',
      'bars',
      'contract',
      'trade dates',
      'days',
      'rows',
      'volume',
      'origin',
      'verdict',
      'source',
    ],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'left', 'left', 'left', 'left'],
    style: { head: [], border: [] },
  });
  for (const one of imports) {
    table.push([
      one.symbol,
      one.interval,
      one.contract ?? '',
      `${one.first_trade_date}..${one.last_trade_date}`,
      numberText(one.trade_dates),
      numberText(one.rows),
      one.has_volume ? 'yes' : 'no',
      one.origin,
      one.verdict.result,
      one.source,
    ]);
  }
  return table.toString();
}

/** `bw catalog list`. */
export async function listCatalog(options: {
  readonly catalog?: string;
  readonly json?: boolean;
}): Promise<void> {
  const folder = catalogFolder(options.catalog ?? null);
  const imports = overviewOf(await Catalog.read(new CatalogPlaces(folder)));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(imports, null, 1)}\n`);
    return;
  }
  const empty = `The catalog ${folder} holds no bars. Import some: bw import bars.csv.gz --symbol ES`;
  process.stdout.write(`${imports.length === 0 ? empty : renderCatalog(imports)}\n`);
}

function report({ good, problems, unused }: CatalogVerdict): void {
  if (unused.length > 0) {
    const what = `${unused.length} files that no manifest needs (a crash left them; the next import removes them)`;
    process.stdout.write(`${what}:\n${unused.map((file) => `  ${file}\n`).join('')}`);
  }
  if (problems.length > 0) {
    throw new BellwetherError(
      'catalog_corrupt',
      `${problems.length} files are wrong, ${good} are good`,
      problems,
    );
  }
  process.stdout.write(`${numberText(good)} files were read, and each is what its manifest says.\n`);
}

/** `bw catalog verify`: reads every file. */
export async function verifyFiles(options: { readonly catalog?: string }): Promise<void> {
  const places = new CatalogPlaces(catalogFolder(options.catalog ?? null));
  let progress: Progress | null = null;
  try {
    const verdict = await verifyCatalog({
      places,
      onProgress: (done, all) => {
        progress ??= showProgress('files', all);
        progress.update(done);
      },
    });
    report(verdict);
  } finally {
    (progress as Progress | null)?.end();
  }
}
