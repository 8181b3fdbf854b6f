import { lastDue, nextDue } from './cadence.js';
import type { Job, JobName } from './jobs.js';
import { HOUR_US } from './wall-time.js';

/** What is remembered of a job between two looks at the table. */
export interface LastRun {
  /** The due time that was answered last, whatever came of it. */
  readonly due_us: number;
  /** The newest sessions that a run which ended well had seen, as text; empty without one. */
  readonly seen: string;
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

/** True where a job has nothing new to work on: its last good run had seen the newest sessions, or there are none. */
export function nothingNew(job: Job, last: LastRun | null, newest: string): boolean {
  return job.needsNewSession && newest === (last?.seen ?? '');
}
