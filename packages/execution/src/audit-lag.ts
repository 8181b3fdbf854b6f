/** How far the audit log may lie behind the decisions (architecture.md section 8). */
export interface AuditBounds {
  /** Most frames that are decided and not in the audit log. */
  readonly behindFrames: number;
  /** Most milliseconds since the oldest of them was decided. */
  readonly behindMs: number;
}

/** From frame `seq` on, decided at this time or later. */
interface Mark {
  readonly seq: number;
  readonly atMs: number;
}

/** Times of decisions that are kept: a later decision counts as decided at the last of them, so as too old. */
const MARKS_MAX = 64;
/** Decisions nearer to each other than this share of the bound count as decided together. */
const GRAIN_SHARE = 10;

/**
 * What is decided, what of it is in the audit log, and since when the oldest rest waits. Times are milliseconds of a
 * clock that never jumps.
 */
export class AuditLag {
  #decided = 0;
  #audited: number | null = null;
  #marks: Mark[] = [];

  constructor(private readonly bounds: AuditBounds) {}

  /** Last frame decided. */
  get decided(): number {
    return this.#decided;
  }

  /** Last frame in the audit log; null before anything was heard of it. */
  get audited(): number | null {
    return this.#audited;
  }

  /** Frames that are not in the audit log, as far as is known. */
  get frames(): number {
    return Math.max(0, this.#decided - (this.#audited ?? 0));
  }

  addDecided(seq: number, nowMs: number): void {
    this.#decided = seq;
    const last = this.#marks.at(-1);
    if (this.frames === 0) return;
    const apart = last === undefined || nowMs - last.atMs >= this.bounds.behindMs / GRAIN_SHARE;
    if (apart && this.#marks.length < MARKS_MAX) this.#marks.push({ seq, atMs: nowMs });
  }

  /** What the audit log says of itself counts, also where it is less than before: a log can be lost. */
  setAudited(seq: number): void {
    this.#audited = seq;
    if (this.frames === 0) this.#marks = [];
    while (this.#marks.length > 1 && (this.#marks[1]?.seq ?? 0) <= seq + 1) this.#marks.shift();
  }

  /** How long the oldest frame that is not in the audit log has waited; at most a tenth of the bound too much. */
  ageMs(nowMs: number): number {
    const [oldest] = this.#marks;
    return oldest === undefined ? 0 : nowMs - oldest.atMs;
  }

  get tooMany(): boolean {
    return this.frames > this.bounds.behindFrames;
  }

  /** Before anything was heard of the log, only time says that it is behind: it may just be starting. */
  isBehind(nowMs: number): boolean {
    return (this.#audited !== null && this.tooMany) || this.ageMs(nowMs) > this.bounds.behindMs;
  }

  /** Half the bounds, so that a log at the edge does not open and close the gate at each frame. */
  hasCaughtUp(nowMs: number): boolean {
    const { behindFrames, behindMs } = this.bounds;
    return this.#audited !== null && this.frames <= behindFrames / 2 && this.ageMs(nowMs) <= behindMs / 2;
  }
}
