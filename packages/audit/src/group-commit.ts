import type { AuditHead } from '@bellwether/contracts';
import type { AuditLog } from './audit-log.js';

export interface GroupCommitOptions {
  readonly log: AuditLog;
  /** Longest time that a frame waits for its commit to begin, unless another one is under way. */
  readonly commitMs: number;
  /** Frames after which a commit begins at once. */
  readonly commitFrames: number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly nowUs: () => number;
  /** After each commit. */
  readonly onCommit: (done: CommitDone) => void;
  /** A commit failed: nothing more can be written. */
  readonly onFailure: () => void;
}

export interface CommitDone {
  readonly head: AuditHead;
  readonly frames: number;
  readonly bytes: number;
  readonly ms: number;
}

/** Decides when a log is committed: by time, by number, and never two at once. Frames gather while one is under way. */
export class GroupCommit {
  #underWay: Promise<void> | null = null;
  #timed = false;
  #failure: { readonly cause: unknown } | null = null;

  constructor(private readonly options: GroupCommitOptions) {}

  /** Throws what a commit has failed with. */
  check(): void {
    if (this.#failure !== null) throw this.#failure.cause;
  }

  /**
   * After every frame that was appended. Gives a promise where the next one has to wait: a whole commit is gathered
   * already, and the one before it still under way.
   */
  appended(): Promise<void> | null {
    if (this.#underWay !== null) return this.#isDue() ? this.#underWay : null;
    this.#go();
    return null;
  }

  /** Commits everything appended so far. */
  async flush(): Promise<void> {
    while (this.#failure === null && (this.#underWay !== null || this.options.log.pending.frames > 0)) {
      if (this.#underWay === null) this.#begin();
      await this.#underWay;
    }
    this.check();
  }

  #isDue(): boolean {
    const { log, commitFrames } = this.options;
    return log.pending.frames >= commitFrames || log.full;
  }

  #go(): void {
    if (this.#failure !== null || this.options.log.pending.frames === 0) return;
    if (this.#isDue()) this.#begin();
    else this.#arm();
  }

  #arm(): void {
    if (this.#timed) return;
    this.#timed = true;
    const { commitMs, pause, signal, log } = this.options;
    void pause(commitMs, signal).then(() => {
      this.#timed = false;
      // At the end of a run whoever ended it flushes; after a commit that is under way, its end goes on.
      const wanted = !signal.aborted && this.#failure === null && log.pending.frames > 0;
      if (wanted && this.#underWay === null) this.#begin();
    });
  }

  #begin(): void {
    this.#underWay = this.#commit()
      .catch((cause: unknown) => {
        this.#failure = { cause };
        this.options.onFailure();
      })
      .finally(() => {
        this.#underWay = null;
        this.#go();
      });
  }

  async #commit(): Promise<void> {
    const { log, nowUs, onCommit } = this.options;
    const { frames, bytes } = log.pending;
    const started_us = nowUs();
    const head = await log.commit(started_us);
    if (head !== null) onCommit({ head, frames, bytes, ms: (nowUs() - started_us) / 1_000 });
  }
}
