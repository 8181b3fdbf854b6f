import type { Catalog } from './catalog.js';
import type { DataMark } from '@bellwether/verdict';
import { manifestMark } from './manifest-mark.js';
import type { Finding } from './manifest.js';

/** One import as `bw catalog list` shows it. */
export interface ImportOverview {
  readonly symbol: string;
  readonly interval: string;
  readonly contract: string | null;
  readonly first_trade_date: number;
  readonly last_trade_date: number;
  /** Trade dates and rows that count; an import that was replaced in part has fewer than its file. */
  readonly trade_dates: number;
  readonly rows: number;
  readonly has_volume: boolean;
  readonly origin: string;
  readonly source: string;
  readonly source_sha256: string;
  readonly findings: readonly Finding[];
  readonly verdict: DataMark;
}

/** What a catalog holds: by symbol, interval and first trade date. */
export function overviewOf(catalog: Catalog): readonly ImportOverview[] {
  const all: ImportOverview[] = [];
  for (const manifest of catalog.imports.values()) {
    const { id, symbol, interval, contract, has_volume, origin, source, findings } = manifest;
    const current = catalog.datesOf(symbol, interval);
    const dates = manifest.trade_dates.filter(({ trade_date }) => current.get(trade_date) === id);
    all.push({
      ...{ symbol, interval, contract, has_volume, origin, findings },
      source: source.name,
      source_sha256: source.sha256,
      verdict: manifestMark(manifest),
      first_trade_date: dates[0]?.trade_date ?? 0,
      last_trade_date: dates[dates.length - 1]?.trade_date ?? 0,
      trade_dates: dates.length,
      rows: dates.reduce((sum, { rows }) => sum + rows, 0),
    });
  }
  const key = ({ symbol, interval, first_trade_date }: ImportOverview): string =>
    `${symbol} ${interval} ${first_trade_date}`;
  return all.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
