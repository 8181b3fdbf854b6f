import type { ReasonCode } from '@bellwether/contracts';
import type { ModelInUse } from '@bellwether/model-slots';
import type { Outcome } from './outcomes.js';

/** What a model said, what came, and what else was said of it. */
export interface ReviewRow {
  readonly session: number;
  readonly start_us: number;
  readonly end_us: number;
  /** Class that came, counted from 0. */
  readonly outcome: number;
  /** Of each class. */
  readonly said: readonly number[];
  /** What decided on the same frame; null where nothing answered. */
  readonly decided: readonly number[] | null;
  /** Usual shares of the classes, known when the question was put. */
  readonly base: readonly number[];
}

/** An answer whose outcome is not known yet. */
export type OpenAnswer = Pick<ReviewRow, 'said' | 'decided' | 'base'> & { readonly key: string };

/** All that is kept of one model in one place. Plain data, changed in place, every list bounded. */
export interface ModelRecord {
  readonly place: string;
  readonly model: ModelInUse;
  /** False while it is a challenger: it answered in shadow. */
  readonly decides: boolean;
  /** Frame of the newest question. */
  last_seq: number;
  /** Answers that came. */
  answered: number;
  /** Questions that the book's rules keep from it, by reason. */
  readonly refused: { readonly reason: ReasonCode; count: number }[];
  /** Questions that failed: no number, or no answer. */
  failed: number;
  /** Newest questions that it was asked, in order: 1 failed, 0 answered. */
  newest: number[];
  open: OpenAnswer[];
  rows: ReviewRow[];
  /** Time of the newest answers in milliseconds, as this machine measured it; none where it answered by itself. */
  latencies: number[];
}

/** About two weeks of one symbol by the minute. */
export const ROWS_MAX = 20_000;
/** More answers than any label takes to be known. */
const OPEN_MAX = 400;
/** Questions over which failures are counted. */
export const NEWEST_MAX = 200;
const LATENCIES_MAX = 2_000;

export function newRecord(place: string, model: ModelInUse, decides: boolean): ModelRecord {
  return {
    ...{ place, model, decides, last_seq: 0, answered: 0, refused: [], failed: 0 },
    ...{ newest: [], open: [], rows: [], latencies: [] },
  };
}

function pushed<T>(list: T[], value: T, most: number): void {
  list.push(value);
  // In one go now and then: taking the first off each time moves all the others.
  if (list.length > most + most / 4) list.splice(0, list.length - most);
}

export function addRefusal(record: ModelRecord, reason: ReasonCode): void {
  const known = record.refused.find((one) => one.reason === reason);
  if (known === undefined) record.refused.push({ reason, count: 1 });
  else known.count += 1;
}

export function addFailure(record: ModelRecord): void {
  record.failed += 1;
  pushed(record.newest, 1, NEWEST_MAX);
}

export function addAnswer(record: ModelRecord, latencyMs: number | null): void {
  record.answered += 1;
  pushed(record.newest, 0, NEWEST_MAX);
  if (latencyMs !== null) pushed(record.latencies, latencyMs, LATENCIES_MAX);
}

export function addOpen(record: ModelRecord, answer: OpenAnswer): void {
  pushed(record.open, answer, OPEN_MAX);
}

/** Joins what came to what was said, exactly once. */
export function joinOutcome(record: ModelRecord, came: Outcome): void {
  const place = record.open.findIndex(({ key }) => key === came.key);
  if (place === -1) return;
  const { said, decided, base } = record.open[place]!;
  record.open.splice(place, 1);
  const { session, start_us, end_us, outcome } = came;
  pushed(record.rows, { session, start_us, end_us, outcome, said, decided, base }, ROWS_MAX);
}
