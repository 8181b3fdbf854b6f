import { BellwetherError, type AuditQuery } from '@bellwether/contracts';
import { readRecordHead } from '../format.js';
import { readRecords, type LogPlace, type ReadingPlace } from '../log-reader.js';
import { segmentFile } from '../places.js';
import type { AuditIndex, IndexStore } from './audit-index.js';
import { rowOf, type IndexPlace, type IndexRow } from './index-row.js';

/** Records taken in at a time. */
const BATCH_RECORDS = 2_000;
/** Farther behind than this, a question is refused instead of waiting. */
const BEHIND_MAX = 20_000;

/** An index that feeds itself from the segments, one batch after the other. */
export class FedIndex implements AuditIndex {
  #target = 0;
  /** Last record taken in, and where the next one stands; null until the store was asked. */
  #done: { readonly record: number; readonly place: ReadingPlace | null } | null = null;
  #working: Promise<void> | null = null;
  #failure: unknown = null;
  #again = false;
  #closed = false;
  #rebuilds = 0;

  constructor(
    private readonly place: LogPlace,
    private readonly store: IndexStore,
  ) {}

  get rebuilds(): number {
    return this.#rebuilds;
  }

  extend(record: number): void {
    this.#target = Math.max(this.#target, record);
    this.#work();
  }

  rebuild(): void {
    this.#again = true;
    this.#work();
  }

  async find(query: AuditQuery, most: number): Promise<readonly IndexPlace[]> {
    if (this.#closed) throw new BellwetherError('audit_unavailable', 'The index is closed');
    this.#work();
    const behind = this.#target - (this.#done?.record ?? 0);
    if (behind > BEHIND_MAX) {
      throw new BellwetherError('audit_unavailable', `The index is made anew: ${behind} records to go`);
    }
    await this.#working;
    if (this.#failure !== null) {
      const cause = this.#failure;
      throw new BellwetherError(
        'audit_unavailable',
        `The index stopped: ${cause instanceof Error ? cause.message : 'unknown'}`,
        [],
        { cause },
      );
    }
    return this.store.find(query, most);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.store.close();
  }

  #work(): void {
    if (this.#working !== null || this.#closed) return;
    if (!this.#again && this.#done?.record === this.#target) return;
    this.#working = this.#feed()
      .then(
        () => {
          this.#failure = null;
        },
        (cause: unknown) => {
          // Tried again, from the beginning, at the next occasion.
          this.#failure = cause;
          this.#again = true;
        },
      )
      .finally(() => {
        this.#working = null;
      });
  }

  async #feed(): Promise<void> {
    while (!this.#closed && (this.#again || this.#done?.record !== this.#target)) {
      if (this.#again) await this.#clear();
      const done = (this.#done ??= await this.#restore());
      if (done.record >= this.#target) continue;
      const limits = { records: BATCH_RECORDS, lastRecord: this.#target };
      const { records, next } = await readRecords(this.place, done.place, limits);
      const last = records.at(-1);
      if (last === undefined) throw new Error(`No record ${done.record + 1} in the segments`);
      await this.store.append(records.map(rowOf).filter((row): row is IndexRow => row !== null));
      this.#done = { record: readRecordHead(last.bytes).record, place: next };
    }
  }

  async #clear(): Promise<void> {
    await this.store.clear();
    this.#again = false;
    this.#done = { record: 0, place: null };
    this.#rebuilds += 1;
  }

  /** Goes on behind the last row, if the record that it leads to is the one it is about. */
  async #restore(): Promise<{ readonly record: number; readonly place: ReadingPlace | null }> {
    const last = await this.store.last();
    if (last !== null) {
      const file = segmentFile(this.place.book, last.segment);
      const from = { file, offset: last.offset };
      const { records } = await readRecords(this.place, from, {
        records: 1,
        lastRecord: Number.MAX_SAFE_INTEGER,
      });
      const row = records[0] === undefined ? null : rowOf(records[0]);
      if (row !== null && row.seq === last.seq && row.bytes === last.bytes && row.record <= this.#target) {
        return { record: row.record, place: { file, offset: last.offset + last.bytes } };
      }
    }
    await this.#clear();
    return { record: 0, place: null };
  }
}
