import type { AuditQuery } from '@bellwether/contracts';
import type { IndexPlace, IndexRow } from './index-row.js';

/** Finds frames in a log. Everything it knows is in the segments, so it can be thrown away at any time. */
export interface AuditIndex {
  /** Everything up to this record is signed: take it in, soon. */
  extend(record: number): void;
  /**
   * Places of the frames that a question asks for, newest first, at most so many, over everything up to the last
   * `extend`. Throws `audit_unavailable` while it is too far behind that.
   */
  find(query: AuditQuery, most: number): Promise<readonly IndexPlace[]>;
  /** It has led to a wrong place: start again from the segments. */
  rebuild(): void;
  /** Times it was made anew from the beginning, the first time included. */
  readonly rebuilds: number;
  close(): Promise<void>;
}

/** Where rows are kept. */
export interface IndexStore {
  /** The row with the largest frame, or null. */
  last(): Promise<IndexPlace | null>;
  append(rows: readonly IndexRow[]): Promise<void>;
  find(query: AuditQuery, most: number): Promise<readonly IndexPlace[]>;
  /** Forgets everything, also a file that cannot be read. */
  clear(): Promise<void>;
  close(): Promise<void>;
}
