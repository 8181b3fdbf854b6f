import {
  BellwetherError,
  type AuditAnswer,
  type AuditedFrame,
  type AuditHead,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import type { DecisionFeed } from '../feed/decision-feed.js';
import type { FrameFilter } from '../feed/frame-outline.js';
import type { AuditReader } from './audit-reader.js';

/** A frame, and whether the audit log holds it. */
export interface Found {
  readonly frame: Frame;
  readonly latency_us: number | null;
  /** Record of the audit log that holds it; null where it is not there, or not there yet. */
  readonly record: number | null;
}

/** What was found, and how far the audit log reaches; null where it does not answer or is empty. */
export interface FoundOne {
  readonly found: Found;
  readonly head: AuditHead | null;
}

export interface FoundPage {
  /** Newest first. */
  readonly found: readonly Found[];
  /** The next page holds frames before this one; null at the end. */
  readonly next_before_seq: number | null;
  readonly head: AuditHead | null;
}

export interface PageQuery {
  readonly filter: FrameFilter;
  /** Only frames before this one; null: from the newest on. */
  readonly before_seq: number | null;
  readonly limit: number;
}

/** An answer of the audit log, or why there is none. */
interface Asked {
  readonly answer: AuditAnswer | null;
  readonly failure: BellwetherError | null;
}

/**
 * Finds decisions of one book: in the audit log, where every filter runs in its index, and what is not there yet in the
 * gateway's own feed of the last two trade dates.
 */
export class DecisionLookup {
  constructor(
    private readonly book: string,
    private readonly feed: DecisionFeed,
    private readonly audit: AuditReader,
  ) {}

  /**
   * The frame with this number; null where there is none. Throws {@link BellwetherError} `audit_unavailable` where only
   * the audit log can hold it, and does not answer.
   */
  async bySeq(seq: number): Promise<FoundOne | null> {
    const newest = this.feed.last?.frame.seq ?? 0;
    if (seq < 1 || seq > newest) return null;
    const { answer, failure } = await this.#ask({ seq }, 1);
    const head = answer?.head ?? null;
    const [audited] = answer?.frames ?? [];
    if (audited !== undefined) return { found: this.#fromAudit(audited), head };
    const own = await this.#fromFeed(seq);
    if (own !== null) return { found: own, head };
    if (failure !== null) throw failure;
    if ((head?.seq ?? 0) < seq) throw unavailable();
    return null;
  }

  /**
   * The decision about an entry that was journaled before; null where it has not come yet. Throws
   * {@link BellwetherError} `audit_unavailable` where it may be older than the feed and the audit log does not answer.
   */
  async byEntry(entry: Entry): Promise<Frame | null> {
    const known = this.feed.indexed(entry.id);
    if (known !== null) return (await this.feed.history.at(known.sequence))?.frame ?? null;
    const oldest = this.feed.oldest;
    // A frame is never older than its entry: behind the oldest one kept, it is kept too, or not there yet.
    if (oldest === null || oldest.seq === 1 || entry.known_us > oldest.outline.book_time_us) return null;
    const answer = await this.audit.ask(this.book, { entry_id: entry.id }, 1);
    const [audited] = answer.frames;
    if (audited !== undefined) return present(audited.frame, 'the frame of a record');
    if ((answer.head?.seq ?? 0) < oldest.seq - 1) throw unavailable();
    return null;
  }

  /** Throws {@link BellwetherError} `audit_unavailable` where the page lies behind the feed and the log does not answer. */
  async page({ filter, before_seq, limit }: PageQuery): Promise<FoundPage> {
    const { answer, failure } = await this.#ask({ ...filter, before_seq }, limit);
    const head = answer?.head ?? null;
    const audited = head?.seq ?? 0;
    const newest = this.feed.last?.frame.seq ?? 0;
    const start = Math.min(newest, (before_seq ?? newest + 1) - 1);
    if (start > audited && this.feed.indexedSeq(start) === null) throw failure ?? unavailable();
    const recent = this.feed.matching(filter, { from: start, after: audited, limit });
    const found: Found[] = [];
    for (const seq of recent.seqs) {
      const own = await this.#fromFeed(seq);
      if (own !== null) found.push(own);
    }
    if (recent.seqs.length === limit || recent.ended > audited + 1) {
      return { found, next_before_seq: recent.ended > 1 ? recent.ended : null, head };
    }
    const older = (answer?.frames ?? []).filter(({ frame }) => (frame?.seq ?? 0) <= audited);
    const room = limit - found.length;
    for (const item of older.slice(0, room)) found.push(this.#fromAudit(item));
    const cut = older.length > room ? (found.at(-1)?.frame.seq ?? null) : null;
    return { found, next_before_seq: cut ?? answer?.next_before_seq ?? null, head };
  }

  async #ask(filter: Parameters<AuditReader['ask']>[1], limit: number): Promise<Asked> {
    try {
      return { answer: await this.audit.ask(this.book, filter, limit), failure: null };
    } catch (cause) {
      if (!(cause instanceof BellwetherError) || cause.code !== 'audit_unavailable') throw cause;
      return { answer: null, failure: cause };
    }
  }

  #fromAudit({ frame, latency_us, record }: AuditedFrame): Found {
    const held = present(frame, 'the frame of a record');
    const measured = this.feed.indexedSeq(held.seq)?.latency_us ?? null;
    return { frame: held, latency_us: measured ?? latency_us, record };
  }

  async #fromFeed(seq: number): Promise<Found | null> {
    const own = this.feed.indexedSeq(seq);
    if (own === null) return null;
    const placed = await this.feed.history.at(own.sequence);
    return placed === null ? null : { frame: placed.frame, latency_us: own.latency_us, record: null };
  }
}

function unavailable(): BellwetherError {
  return new BellwetherError('audit_unavailable', 'The audit log does not reach the decision yet');
}
