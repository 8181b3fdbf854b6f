import { BellwetherError, DataOrigin, type Bar } from '@bellwether/contracts';
import type { BarSeries, BarSource } from '@bellwether/ingestion';
import { present } from '@bellwether/kernel';
import { instrumentOf, tradeDateAt } from '@bellwether/market';
import { readStoredDates, type StoredDate } from './bar-parquet.js';
import { markFindings, worstMark, type DataMark, type MarkFinding } from '@bellwether/verdict';
import type { Catalog } from './catalog.js';
import { Duckdb } from './duckdb.js';
import { manifestMark } from './manifest-mark.js';
import type { ImportManifest } from './manifest.js';
import { INTERVAL_US, type IntervalName } from './places.js';
import type { TradeDateRows } from './trade-date-rows.js';

/** What a text such as `catalog:ES:1m:2025-10-01..2025-10-22` asks for. Trade dates are yyyymmdd, both included. */
export interface Selection {
  readonly symbol: string;
  /** Null: the one that there is. */
  readonly interval: IntervalName | null;
  readonly from: number | null;
  readonly to: number | null;
}

const PREFIX = 'catalog:';
const FORM = 'catalog:SYMBOL[:1m|5m][:FROM..TO], for example catalog:ES:2025-10-01..2025-10-22';
const PATTERN =
  /^catalog:([A-Z]{2,3})(?::(1m|5m))?(?::(?:(\d{4}-\d\d-\d\d)|(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?))?$/;

/** True where a text that could also be a path means the catalog. */
export function isSelection(text: string): boolean {
  return text.startsWith(PREFIX);
}

function dateOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new BellwetherError('usage', `There is no date ${text}`);
  }
  return Number(text.replaceAll('-', ''));
}

/** @throws BellwetherError `usage`, `unknown_symbol` */
export function parseSelection(text: string): Selection {
  const match = PATTERN.exec(text);
  if (match === null) throw new BellwetherError('usage', `Expected ${FORM}; was ${text}`);
  const [, symbol = '', interval, single, first, last] = match;
  if (instrumentOf(symbol) === null) {
    throw new BellwetherError('unknown_symbol', `Expected ES, NQ, MES or MNQ, was ${symbol}`);
  }
  const from = dateOf(single ?? first);
  const to = dateOf(single ?? last);
  if (from !== null && to !== null && from > to) {
    throw new BellwetherError('usage', `${text}: The first date lies after the last one`);
  }
  return { symbol, interval: interval === '1m' || interval === '5m' ? interval : null, from, to };
}

/** The part of one import that a selection takes. */
interface Taken {
  readonly manifest: ImportManifest;
  readonly dates: readonly number[];
}

/** Bars that were found for a selection. */
export class SelectedBars {
  readonly #stored: readonly StoredDate[];
  readonly #taken: readonly Taken[];
  readonly #byDate: ReadonlyMap<number, BarSource>;
  readonly rows: number;

  constructor(
    readonly symbol: string,
    readonly interval: IntervalName,
    catalog: Catalog,
    dates: ReadonlyMap<number, ImportManifest>,
  ) {
    const taken = new Map<string, { manifest: ImportManifest; dates: number[] }>();
    const stored: StoredDate[] = [];
    const byDate = new Map<number, BarSource>();
    let rows = 0;
    for (const [trade_date, manifest] of dates) {
      const date = manifest.trade_dates.find((one) => one.trade_date === trade_date);
      if (date === undefined) {
        throw new BellwetherError(
          'catalog_corrupt',
          `${manifest.id} lacks ${trade_date}, which the index has of it`,
        );
      }
      stored.push({ date, path: catalog.places.file(date.file), tick_size_e4: manifest.tick_size_e4 });
      byDate.set(trade_date, sourceOf(manifest));
      const part = taken.get(manifest.id) ?? { manifest, dates: [] };
      part.dates.push(trade_date);
      taken.set(manifest.id, part);
      rows += date.rows;
    }
    this.#stored = stored;
    this.#taken = [...taken.values()];
    this.#byDate = byDate;
    this.rows = rows;
  }

  get interval_us(): number {
    return INTERVAL_US[this.interval];
  }

  get first_trade_date(): number {
    return this.#stored[0]!.date.trade_date;
  }

  get last_trade_date(): number {
    return this.#stored[this.#stored.length - 1]!.date.trade_date;
  }

  get origin(): DataOrigin {
    return sourceOf(this.#taken[0]!.manifest).origin;
  }

  /** What their imports say of the bars: the worst of them. */
  get mark(): DataMark {
    return worstMark(this.#taken.map(({ manifest }) => manifestMark(manifest)));
  }

  /** What the mark rests on, the worst first; with the file in front where there are several. */
  get findings(): readonly MarkFinding[] {
    const several = this.#taken.length > 1;
    return markFindings(
      this.#taken.flatMap(({ manifest: { findings, source } }) =>
        several ? findings.map((one) => ({ ...one, message: `${source.name}: ${one.message}` })) : findings,
      ),
    );
  }

  /** Files that the bars come from, in order of their first trade date. */
  get sources(): readonly string[] {
    return this.#taken.map(({ manifest }) => manifest.source.name);
  }

  /**
   * What the bars are, for the name of a book: of a whole import what its file would give, so that the two are one book;
   * of a part also the trade dates.
   */
  get identity(): readonly string[] {
    return this.#taken.map(({ manifest, dates }) => {
      const file = `${manifest.source.name} ${manifest.source.sha256}`;
      return dates.length === manifest.trade_dates.length ? file : `${file} ${dates.join(',')}`;
    });
  }

  /** The bars, as the file that they came from would give them. */
  series(): BarSeries {
    const { symbol } = this;
    const [first] = this.#taken;
    const series = { symbol, ...sourceOf(present(first, 'an import').manifest), bars: this.#bars() };
    if (this.#taken.length === 1) return series;
    const byDate = this.#byDate;
    return { ...series, sourceOf: (bar) => byDate.get(tradeDateAt(bar.open_us)) ?? series };
  }

  /** A trade date at a time. */
  async *#bars(): AsyncGenerator<readonly Bar[], void, undefined> {
    const duckdb = await Duckdb.open();
    try {
      let at = 0;
      for await (const rows of readStoredDates(duckdb, this.#stored)) {
        yield barsOf(rows, this.symbol, this.interval_us, this.#stored[at++]!.tick_size_e4);
      }
    } finally {
      duckdb.close();
    }
  }
}

function sourceOf({ source, origin }: ImportManifest): BarSource {
  return {
    source: source.name,
    origin: origin === 'synthetic' ? DataOrigin.SYNTHETIC : DataOrigin.MARKET,
  };
}

function barsOf(
  rows: TradeDateRows,
  symbol: string,
  interval_us: number,
  tick_size_e4: number,
): readonly Bar[] {
  const { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume } = rows;
  const bars: Bar[] = [];
  for (let i = 0; i < open_us.length; i++) {
    bars.push({
      symbol,
      open_us: open_us[i]!,
      interval_us,
      tick_size_e4,
      open_ticks: open_ticks[i]!,
      high_ticks: high_ticks[i]!,
      low_ticks: low_ticks[i]!,
      close_ticks: close_ticks[i]!,
      volume: volume === null ? null : volume[i]!,
      revision: 0,
      bid_size: null,
      ask_size: null,
      last_trade_dir: null,
    });
  }
  return bars;
}

function intervalOf(catalog: Catalog, { symbol, interval }: Selection): IntervalName {
  const there = catalog.intervalsOf(symbol);
  if (interval !== null && there.includes(interval)) return interval;
  if (interval === null && there.length === 1) return there[0]!;
  if (interval === null && there.length > 1) {
    throw new BellwetherError(
      'usage',
      `The catalog has ${there.join(' and ')} bars of ${symbol}: name one, ${FORM}`,
    );
  }
  const other = there.length === 0 ? 'no bars' : `only ${there.join(' and ')} bars`;
  throw new BellwetherError('data_empty', `The catalog ${catalog.places.folder} has ${other} of ${symbol}`);
}

/**
 * Finds the bars of a selection.
 *
 * @throws BellwetherError `data_empty`, `catalog_corrupt`; `usage` where the length of the bars is not clear, or market bars
 * would stand beside synthetic ones
 */
export function selectBars(catalog: Catalog, selection: Selection): SelectedBars {
  const { symbol, from, to } = selection;
  const interval = intervalOf(catalog, selection);
  const all = catalog.datesOf(symbol, interval);
  const dates = new Map<number, ImportManifest>();
  for (const [trade_date, importId] of all) {
    if ((from !== null && trade_date < from) || (to !== null && trade_date > to)) continue;
    const manifest = catalog.imports.get(importId);
    if (manifest !== undefined) dates.set(trade_date, manifest);
  }
  if (dates.size === 0) {
    const known = [...all.keys()];
    throw new BellwetherError(
      'data_empty',
      `No bars of ${symbol} ${interval} from ${from ?? 'the beginning'} to ${to ?? 'the end'}: the catalog has ` +
        `${known[0] ?? ''} to ${known[known.length - 1] ?? ''}`,
    );
  }
  const origins = new Set([...dates.values()].map(({ origin }) => origin));
  if (origins.size > 1) {
    throw new BellwetherError(
      'usage',
      `${symbol} ${interval} has market and synthetic bars among these dates: name dates of one kind`,
    );
  }
  return new SelectedBars(symbol, interval, catalog, dates);
}
