import { z } from 'zod';
import { BellwetherError } from '@bellwether/contracts';
import { JOB_NAMES, type JobName, type LastRuns } from '@bellwether/schedule';

/** How a run ended. `running` in a record that nobody writes any more: its trainer died. */
export const OUTCOMES = ['running', 'done', 'nothing_new', 'failed', 'timed_out', 'interrupted'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A run that ends its trainer each time is given up after so many. */
export const ATTEMPTS_MAX = 3;
export const DETAIL_LENGTH = 2_000;

const record = z.strictObject({
  job: z.enum(JOB_NAMES),
  /** Due time that it answers. */
  due_us: z.int().min(0),
  started_us: z.int().min(0),
  ended_us: z.int().min(0).nullable(),
  outcome: z.enum(OUTCOMES),
  /** How often the due time was begun. */
  attempts: z.int().min(0),
  /** The newest sessions that the last good run had seen. */
  seen: z.string().max(1_000),
  exit_code: z.int().nullable(),
  /** The last that the command said, or why it was not begun. */
  detail: z.string().max(DETAIL_LENGTH),
});
const recordsSchema = z.strictObject({ format: z.literal(1), runs: z.array(record).max(JOB_NAMES.length) });

export type RunRecord = z.infer<typeof record>;
/** The last run of each job, in the order of the table. */
export type RunRecords = z.infer<typeof recordsSchema>;

export const NO_RUNS: RunRecords = { format: 1, runs: [] };

export function recordOf({ runs }: RunRecords, job: JobName): RunRecord | null {
  return runs.find((one) => one.job === job) ?? null;
}

export function withRecord({ runs }: RunRecords, next: RunRecord): RunRecords {
  const others = runs.filter(({ job }) => job !== next.job);
  const order = ({ job }: RunRecord): number => JOB_NAMES.indexOf(job);
  return { format: 1, runs: [...others, next].sort((a, b) => order(a) - order(b)) };
}

/** True where the due time need not be begun again: it came to an end, or it ended its trainer too often. */
export function isAnswered({ outcome, attempts }: RunRecord): boolean {
  if (outcome !== 'running' && outcome !== 'interrupted') return true;
  return attempts >= ATTEMPTS_MAX;
}

/** What the table is asked with. A run that was broken off leaves its due time open. */
export function lastRunsOf({ runs }: RunRecords): LastRuns {
  return Object.fromEntries(
    runs.map((one) => [one.job, { due_us: isAnswered(one) ? one.due_us : 0, seen: one.seen }]),
  );
}

export function recordsText(records: RunRecords): string {
  return `${JSON.stringify(records, null, 1)}\n`;
}

/** @throws BellwetherError `config_invalid` for what is no record of runs */
export function readRecords(text: string | null, place: string): RunRecords {
  if (text === null) return NO_RUNS;
  try {
    return recordsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new BellwetherError(
      'config_invalid',
      `${place} is no record of runs: move it aside, and each job counts as never done`,
      [],
      { cause },
    );
  }
}
