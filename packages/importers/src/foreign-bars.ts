import path from 'node:path';
import type { ForeignRows, ImportReading, NumberedRow } from '@bellwether/catalog';
import type { CsvProblem } from '@bellwether/ingestion';
import type { Reading } from './decide-reading.js';
import type { RowSpool } from './row-spool.js';

export interface ForeignFacts {
  readonly symbol: string;
  /** Such as ESZ25, where the user or the file tells it. */
  readonly contract: string | null;
  /** As the file names what was taken. */
  readonly instrument: string | null;
  readonly price_factor: string;
  readonly interval_us: number;
  readonly evidence: readonly string[];
}

/** The bars of a file of another product: read, checked, in ticks, waiting to be taken into the catalog. */
export class ForeignBars implements ForeignRows {
  #duplicates = 0;

  constructor(
    readonly facts: ForeignFacts,
    private readonly decided: Reading,
    private readonly spool: RowSpool,
  ) {}

  get kind(): string {
    return this.decided.format;
  }

  get zone(): string {
    return this.decided.zone.name;
  }

  get stamp(): 'open' | 'close' {
    return this.decided.stamp;
  }

  get rowCount(): number {
    return this.spool.rows;
  }

  /** In order of time; of rows with one stamp the one that stands last in the file. */
  async *rows(
    onProblem: (problem: CsvProblem) => void,
  ): AsyncGenerator<readonly NumberedRow[], void, undefined> {
    const back_us = this.stamp === 'close' ? this.facts.interval_us : 0;
    this.#duplicates = 0;
    let last: NumberedRow | null = null;
    let batch: NumberedRow[] = [];
    for await (const rows of this.spool.inOrder()) {
      for (const { stamp_us, open_ticks, high_ticks, low_ticks, close_ticks, volume, place } of rows) {
        const utc_us = this.decided.zone.toUtc(stamp_us);
        if (utc_us === null) {
          const text = new Date(stamp_us / 1_000).toISOString().slice(0, 19);
          onProblem({ line: place, message: `The clocks of ${this.zone} skip ${text} or show it twice` });
          continue;
        }
        const open_us = utc_us - back_us;
        const row = { open_us, open_ticks, high_ticks, low_ticks, close_ticks, volume, line: place };
        if (last?.open_us === open_us) this.#duplicates++;
        else if (last !== null) batch.push(last);
        last = row;
      }
      if (batch.length === 0) continue;
      yield batch;
      batch = [];
    }
    if (last !== null) yield [last];
  }

  reading(): ImportReading {
    const { price_factor, instrument, evidence } = this.facts;
    return {
      ...{ price_factor, instrument, duplicates: this.#duplicates, in_order: this.spool.sorted },
      evidence: [...evidence],
    };
  }

  /** Removes what was written while reading. */
  async close(): Promise<void> {
    await this.spool.close();
  }
}

/** The name of a file without folder and compression. */
export function plainName(file: string): string {
  return path.basename(file).replace(/\.(gz|zst)$/i, '');
}
