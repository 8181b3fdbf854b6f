import { lastDue, nextDue } from './cadence.js';
import type { Job, JobName } from './jobs.js';
import { HOUR_US } from './wall-time.js';

/** What is remembered of a job between two looks at the table. */
export interface LastRun {
  /** The due time that was answered last, whatever came of it. */
  readonly due_us: number;
  /** yyyymmdd of the newest session that a run which ended well had seen; 0 without one. */
  readonly session: number;
}

export type LastRuns = Readonly<Partial<Record<JobName, LastRun>>>;

export interface DueJob {
  readonly job: Job;
  /** The latest due time; earlier ones that were missed are not made up for. */
  readonly due_us: number;
}

/** The due time of a job that is not answered yet, or null. However many were missed, the latest one counts for all. */
export function dueOf(job: Job, last: LastRun | null, now_us: number): number | null {
  const due_us = lastDue(job.cadence, now_us);
  if (due_us === null || now_us - due_us > job.catchUpHours * HOUR_US) return null;
  return last !== null && last.due_us >= due_us ? null : due_us;
}

/** The jobs that are due, in the order of the table. */
export function dueJobs(table: readonly Job[], last: LastRuns, now_us: number): readonly DueJob[] {
  return table.flatMap((job) => {
    const due_us = dueOf(job, last[job.name] ?? null, now_us);
    return due_us === null ? [] : [{ job, due_us }];
  });
}

/** When a job is due next: now where it is due, else its next due time; null at the end of the calendar. */
export function nextRun(job: Job, last: LastRun | null, now_us: number): number | null {
  return dueOf(job, last, now_us) ?? nextDue(job.cadence, now_us);
}

/** True where a job has nothing new to work on: no session has ended that its last good run had not seen. */
export function nothingNew(job: Job, last: LastRun | null, newestSession: number): boolean {
  return job.needsNewSession && newestSession <= (last?.session ?? 0);
}
