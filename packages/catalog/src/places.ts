import path from 'node:path';

/** Lengths of bars that the catalog keeps, as they are written in names and selections. */
export const INTERVALS = ['1m', '5m'] as const;
export type IntervalName = (typeof INTERVALS)[number];

export const INTERVAL_US: Readonly<Record<IntervalName, number>> = { '1m': 60_000_000, '5m': 300_000_000 };

/** The name of a length, or null where the catalog keeps none of that length. */
export function intervalName(interval_us: number): IntervalName | null {
  return INTERVALS.find((name) => INTERVAL_US[name] === interval_us) ?? null;
}

/**
 * Where things stand in a catalog folder:
 *
 *     index.json                                  which import each trade date comes from
 *     imports/<import>.json                       manifest of an import
 *     bars/<symbol>/<interval>/<…>.parquet        one file a trade date
 *     journals/<book>/manifest.json, <…>.parquet  archived journals
 *     staging/, lock                              while something is written
 */
export class CatalogPlaces {
  constructor(readonly folder: string) {}

  get index(): string {
    return path.join(this.folder, 'index.json');
  }

  get lock(): string {
    return path.join(this.folder, 'lock');
  }

  get imports(): string {
    return path.join(this.folder, 'imports');
  }

  get bars(): string {
    return path.join(this.folder, 'bars');
  }

  get journals(): string {
    return path.join(this.folder, 'journals');
  }

  /** What is being written; of the holder of the lock alone. */
  get stagings(): string {
    return path.join(this.folder, 'staging');
  }

  staging(name: string): string {
    return path.join(this.stagings, name);
  }

  manifest(importId: string): string {
    return path.join(this.imports, `${importId}.json`);
  }

  /** A file that a manifest names, relative to the folder. */
  file(relative: string): string {
    return path.join(this.folder, relative);
  }

  journal(book: string): string {
    return path.join(this.journals, book);
  }

  journalManifest(book: string): string {
    return path.join(this.journal(book), 'manifest.json');
  }
}

/** File of one trade date, relative to the folder. The import is in its name, so that old and new never meet. */
export function barFile(symbol: string, interval: IntervalName, tradeDate: number, importId: string): string {
  return `bars/${symbol}/${interval}/${symbol}-${interval}-${tradeDate}-${importId.slice(-8)}.parquet`;
}
