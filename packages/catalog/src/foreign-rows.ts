import type { CsvProblem, CsvRow } from '@bellwether/ingestion';
import type { ImportReading } from './manifest.js';

/** A row of another layout, with the line or record that it came from. */
export interface NumberedRow extends CsvRow {
  readonly line: number;
}

/** Bars of a file in another layout than ours, which somebody else reads: opens in UTC, in ticks, in order, none twice. */
export interface ForeignRows {
  /** Name of the layout. */
  readonly kind: string;
  /** IANA name of the zone of its stamps. */
  readonly zone: string;
  readonly stamp: 'open' | 'close';
  /** From the first on; each call begins anew. Rows that cannot be taken are told and left out. */
  rows(onProblem: (problem: CsvProblem) => void): AsyncIterable<readonly NumberedRow[]>;
  /** Asked after the last row. */
  reading(): ImportReading;
}
