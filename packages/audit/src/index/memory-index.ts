import type { AuditQuery } from '@bellwether/contracts';
import type { LogPlace } from '../log-reader.js';
import type { AuditIndex, IndexStore } from './audit-index.js';
import { FedIndex } from './fed-index.js';
import type { IndexPlace, IndexRow } from './index-row.js';

/** An index in memory, for the simulator and for tests: it begins from the segments each time. */
export function memoryAuditIndex(place: LogPlace): AuditIndex {
  return new FedIndex(place, new MemoryStore());
}

class MemoryStore implements IndexStore {
  /** By frame, ascending. */
  #rows: IndexRow[] = [];

  async last(): Promise<IndexPlace | null> {
    return this.#rows.at(-1) ?? null;
  }

  async append(rows: readonly IndexRow[]): Promise<void> {
    for (const row of rows) this.#rows.push(row);
  }

  async find(query: AuditQuery, most: number): Promise<readonly IndexPlace[]> {
    const found: IndexPlace[] = [];
    for (let i = this.#rows.length - 1; i >= 0 && found.length < most; i--) {
      if (isWanted(this.#rows[i]!, query)) found.push(this.#rows[i]!);
    }
    return found;
  }

  async clear(): Promise<void> {
    this.#rows = [];
  }

  async close(): Promise<void> {
    this.#rows = [];
  }
}

function isWanted(row: IndexRow, query: AuditQuery): boolean {
  return (
    (query.seq === null || row.seq === query.seq) &&
    (query.entry_id === null || row.entry_id === query.entry_id) &&
    (query.before_seq === null || row.seq < query.before_seq) &&
    (query.from_us === null || row.book_time_us >= query.from_us) &&
    (query.to_us === null || row.book_time_us < query.to_us) &&
    (query.action === null || row.action === query.action) &&
    (query.reason === null || row.reason === query.reason) &&
    (query.symbol === null || row.symbol === query.symbol) &&
    (query.strategy === null || row.strategy === query.strategy) &&
    (!query.asked_only || row.asked)
  );
}
