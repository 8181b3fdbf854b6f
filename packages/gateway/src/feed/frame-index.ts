import { matches, type FrameFilter, type FrameOutline } from './frame-outline.js';

/** Where the frame of one entry is, and when it was seen. */
export interface IndexedFrame {
  readonly entry_id: string;
  /** Number of the frame in its book. */
  readonly seq: number;
  /** Its place in the decision stream. */
  readonly sequence: number;
  /** yyyymmdd of the book's time. */
  readonly trade_date: number;
  /**
   * From the time the entry was known to the arrival of its decision here; null where it was not measured.
   */
  readonly latency_us: number | null;
  readonly outline: FrameOutline;
}

/** Frames to look at: from `from` down to the one behind `after`, until `limit` of them match. */
export interface IndexRange {
  readonly from: number;
  readonly after: number;
  readonly limit: number;
}

export interface IndexMatches {
  /** Numbers of the frames that match, newest first. */
  readonly seqs: readonly number[];
  /** Everything down to this number was looked at; what is older is not here, or cannot match where it is 1. */
  readonly ended: number;
}

/** Trade dates whose ids are found without a search (architecture.md section 7). */
const TRADE_DATES_KEPT = 2;

/** Entry id and frame number to place, for the last two trade dates of the book. Bounded by count as well. */
export class FrameIndex {
  readonly #byEntry = new Map<string, IndexedFrame>();
  readonly #bySeq = new Map<number, IndexedFrame>();
  readonly #dates: number[] = [];

  constructor(private readonly entriesMax: number) {}

  get size(): number {
    return this.#bySeq.size;
  }

  /** Frames come in the order of the book; their trade dates never go back. */
  add(item: IndexedFrame): void {
    if (this.#dates.at(-1) !== item.trade_date) this.#dates.push(item.trade_date);
    if (this.#dates.length > TRADE_DATES_KEPT) this.#dates.shift();
    this.#byEntry.set(item.entry_id, item);
    this.#bySeq.set(item.seq, item);
    const oldestDate = this.#dates[0] ?? 0;
    for (const old of this.#bySeq.values()) {
      if (old.trade_date >= oldestDate && this.#bySeq.size <= this.entriesMax) return;
      this.#bySeq.delete(old.seq);
      if (this.#byEntry.get(old.entry_id) === old) this.#byEntry.delete(old.entry_id);
    }
  }

  /** The oldest frame that is kept; null before the first. */
  get oldest(): IndexedFrame | null {
    for (const item of this.#bySeq.values()) return item;
    return null;
  }

  matching(filter: FrameFilter, { from, after, limit }: IndexRange): IndexMatches {
    const seqs: number[] = [];
    let ended = from + 1;
    for (let seq = from; seq > after && seqs.length < limit; seq--) {
      const item = this.#bySeq.get(seq);
      if (item === undefined) break;
      // The time of a book never goes back.
      if (filter.from_us !== null && item.outline.book_time_us < filter.from_us) return { seqs, ended: 1 };
      ended = seq;
      if (matches(item.outline, filter)) seqs.push(seq);
    }
    return { seqs, ended };
  }

  byEntry(id: string): IndexedFrame | null {
    return this.#byEntry.get(id) ?? null;
  }

  bySeq(seq: number): IndexedFrame | null {
    return this.#bySeq.get(seq) ?? null;
  }
}
