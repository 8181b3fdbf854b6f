import path from 'node:path';
import { BellwetherError, DataOrigin } from '@bellwether/contracts';
import { inspectCsv, readCsvBars, type BarSeries } from '@bellwether/ingestion';
import { markFindings, markOf, type DataMark, type MarkFinding, type Verdict } from '@bellwether/verdict';
import { Catalog } from './catalog.js';
import { judgeBars, judgedSubject } from './file-verdict.js';
import { CatalogPlaces } from './places.js';
import { isSelection, parseSelection, selectBars } from './selection.js';

/** Bars that a command or a service was told to take: a file with its symbol, or a selection of the catalog. */
export type DataReference =
  | { readonly kind: 'file'; readonly symbol: string; readonly path: string }
  | { readonly kind: 'catalog'; readonly text: string };

/** Bars of one symbol that are there. */
export interface DataSource {
  readonly symbol: string;
  /** For people. */
  readonly title: string;
  readonly rows: number;
  readonly interval_us: number | null;
  readonly origin: DataOrigin;
  /** What the bars are: equal for equal entries. */
  readonly identity: readonly string[];
  /** As the ingestion service is told it: `ES=/data/es.csv`, `ES=catalog:ES:1m`. */
  readonly setting: string;
  /** Whether the bars can be believed. Those of a file are judged when it is first asked. */
  mark(): Promise<DataMark>;
  /** What the mark rests on, the worst first. */
  findings(): Promise<readonly MarkFinding[]>;
  /** The bars from the first on; each call begins anew. */
  series(): BarSeries;
}

/**
 * Pairs what was named with the symbols of the files, in order. Selections carry their own symbol.
 *
 * @throws BellwetherError `usage`
 */
export function dataReferences(
  data: readonly string[],
  symbols: readonly string[],
): readonly DataReference[] {
  const files = data.filter((text) => !isSelection(text)).length;
  if (symbols.length !== files) {
    throw new BellwetherError(
      'usage',
      'Expected one --symbol for each file of --data, in the same order; selections of the catalog need none',
    );
  }
  const left = [...symbols];
  return data.map((text) =>
    isSelection(text) ? { kind: 'catalog', text } : { kind: 'file', path: text, symbol: left.shift() ?? '' },
  );
}

/** Reads what {@link DataSource.setting} wrote. */
export function referenceOf(setting: string): DataReference {
  const at = setting.indexOf('=');
  const text = setting.slice(at + 1);
  return isSelection(text)
    ? { kind: 'catalog', text }
    : { kind: 'file', symbol: setting.slice(0, at), path: text };
}

async function fileSource(symbol: string, file: string): Promise<DataSource> {
  const facts = await inspectCsv(file, symbol);
  const { source, sha256, rows, interval_us } = facts;
  const subject = judgedSubject(symbol, null);
  const options = { subject, origin: 'market', trustTimes: false } as const;
  let verdict: Promise<Verdict> | null = null;
  const judged = (): Promise<Verdict> =>
    (verdict ??= judgeBars(readCsvBars(facts), options).then((made) => made.result()));
  return {
    ...{ symbol, rows, interval_us },
    title: `${source} (${rows.toLocaleString('en-US')} bars)`,
    origin: DataOrigin.MARKET,
    identity: [`${source} ${sha256}`],
    setting: `${symbol}=${path.resolve(file)}`,
    mark: async () => markOf(await judged(), source),
    findings: async () => markFindings((await judged()).findings),
    series: () => ({ symbol, source, origin: DataOrigin.MARKET, bars: readCsvBars(facts) }),
  };
}

async function catalogSource(text: string, folder: string): Promise<DataSource> {
  const catalog = await Catalog.read(new CatalogPlaces(folder));
  const selected = selectBars(catalog, parseSelection(text));
  const { symbol, interval, rows, interval_us, origin, identity, first_trade_date, last_trade_date } =
    selected;
  const from = selected.sources.join(', ');
  return {
    ...{ symbol, rows, interval_us, origin, identity },
    title:
      `${symbol} ${interval} of ${first_trade_date} to ${last_trade_date} from the catalog ` +
      `(${rows.toLocaleString('en-US')} bars of ${from})`,
    setting: `${symbol}=${text}`,
    mark: () => Promise.resolve(selected.mark),
    findings: () => Promise.resolve(selected.findings),
    series: () => selected.series(),
  };
}

/**
 * Opens bars, wherever they are. `catalog` is the folder of the catalog.
 *
 * @throws BellwetherError `data_unreadable`, `data_empty`, `unknown_symbol`, `usage`, `catalog_corrupt`
 */
export async function openDataSource(reference: DataReference, catalog: string): Promise<DataSource> {
  return reference.kind === 'file'
    ? fileSource(reference.symbol, reference.path)
    : catalogSource(reference.text, catalog);
}
