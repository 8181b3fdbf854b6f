import { calibrationOf } from './gates.js';
import { NEWEST_MAX, type ModelRecord } from './records.js';

/** A champion that is watched, and how often its calibration was found outside its band in a row. */
export interface WatchState {
  readonly version: string;
  readonly outside: number;
}

/** Newest rows that the calibration of a champion is judged by: those of so many sessions. */
const SESSIONS_WATCHED = 10;
/** Fewer sessions, or rows that do not overlap, say nothing. */
const SESSIONS_MIN = 5;
const ROWS_MIN = 100;
/** Outside once may be chance; the band itself is left by a perfect model in 1 of 200 looks. */
const OUTSIDE_MAX = 2;
const BAND = { level: 0.995, draws: 2_000 } as const;
/** Share of its newest questions that a champion may fail. */
const FAILED_MAX = 0.05;

export type Finding =
  | { readonly kind: 'calibration'; readonly error: number; readonly band: number; readonly rows: number }
  | { readonly kind: 'refusals'; readonly share: number; readonly bound: number; readonly questions: number };

export interface Watched {
  readonly state: WatchState;
  /** Why the champion has to go; null while it may stay. */
  readonly finding: Finding | null;
}

/** Looks whether a champion answers at all: after each question. */
export function failing({ newest }: ModelRecord): Finding | null {
  const questions = Math.min(newest.length, NEWEST_MAX);
  if (questions < NEWEST_MAX) return null;
  const failed = newest.slice(-NEWEST_MAX).reduce((sum, one) => sum + one, 0);
  const share = failed / questions;
  return share > FAILED_MAX ? { kind: 'refusals', share, bound: FAILED_MAX, questions } : null;
}

/**
 * Looks at the calibration of a champion, once a session: it has to go when two looks in a row find its error above what a
 * model whose probabilities are true stays below in 995 of 1,000 looks. Another champion begins anew, also where only its calibration
 * is another.
 */
export function watched(before: WatchState | null, record: ModelRecord): Watched {
  const { sha256, version } = record.model;
  const counted = before?.version === version ? before.outside : 0;
  const sessions = [...new Set(record.rows.map(({ session }) => session))].slice(-SESSIONS_WATCHED);
  const first = sessions[0] ?? 0;
  const rows = record.rows.filter(({ session }) => session >= first);
  const found = sessions.length < SESSIONS_MIN ? null : calibrationOf(rows, `watch ${sha256}`, BAND);
  if (found === null || found.rows < ROWS_MIN) return { state: { version, outside: counted }, finding: null };
  const outside = found.error > found.band ? counted + 1 : 0;
  const finding = outside >= OUTSIDE_MAX ? ({ kind: 'calibration', ...found } as const) : null;
  return { state: { version, outside: finding === null ? outside : 0 }, finding };
}
