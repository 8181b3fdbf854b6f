import {
  JOBS,
  dueJobs,
  nextRun,
  nothingNew,
  type DueJob,
  type Job,
  type JobName,
} from '@bellwether/schedule';
import { runChild, type ChildEnd } from './child-work.js';
import { commandOf, type TrainerConfig } from './job-commands.js';
import type { RecordStore } from './record-stores.js';
import {
  DETAIL_LENGTH,
  lastRunsOf,
  recordOf,
  withRecord,
  type RunRecord,
  type RunRecords,
} from './run-records.js';

/** What is told of a trainer: to a log, a status, metrics. */
export interface TrainerEvents {
  started(job: JobName, command: readonly string[]): void;
  ended(record: RunRecord): void;
  line(job: JobName, text: string): void;
}

export interface TrainerOptions {
  readonly config: TrainerConfig;
  readonly records: RecordStore;
  /** `bw.mjs`. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowUs: () => number;
  /** What a run would see now: see `newestSessions`. */
  readonly newest: (now_us: number) => Promise<string>;
  readonly events: TrainerEvents;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

const MS_PER_MINUTE = 60_000;
const US_PER_MS = 1_000;
/** The table is looked at this often at least: the clock of a machine may be put right, or the machine may sleep. */
const LOOK_MS_MAX = 30_000;

/** Does the jobs that are due, one at a time. */
export class Trainer {
  readonly table: readonly Job[];

  constructor(private readonly options: TrainerOptions) {
    const { config } = options;
    this.table = JOBS.filter(({ name }) => commandOf(name, config) !== null);
  }

  /** What is due now, in the order in which it would be done. */
  async due(): Promise<readonly DueJob[]> {
    const records = await this.options.records.load();
    return dueJobs(this.table, lastRunsOf(records), this.options.nowUs());
  }

  /** Does what is due, and what becomes due meanwhile, each due time once. Gives the runs that ended. */
  async once(): Promise<readonly RunRecord[]> {
    const { signal } = this.options;
    const ended: RunRecord[] = [];
    while (!signal.aborted) {
      const [first] = await this.due();
      if (first === undefined) break;
      ended.push(await this.run(first));
    }
    return ended;
  }

  /** Does jobs of the table now, due or not, in its order; what they work on need not be new. */
  async now(names: readonly JobName[]): Promise<readonly RunRecord[]> {
    const ended: RunRecord[] = [];
    for (const job of this.table.filter(({ name }) => names.includes(name))) {
      if (this.options.signal.aborted) break;
      ended.push(await this.run({ job: { ...job, needsNewSession: false }, due_us: this.options.nowUs() }));
    }
    return ended;
  }

  /** Looks at the table until the signal. */
  async keepGoing(): Promise<void> {
    const { signal, pause } = this.options;
    while (!signal.aborted) {
      await this.once();
      await pause(await this.waitMs(), signal);
    }
  }

  private async waitMs(): Promise<number> {
    const { records, nowUs } = this.options;
    const last = lastRunsOf(await records.load());
    const now_us = nowUs();
    const next = this.table
      .map((job) => nextRun(job, last[job.name] ?? null, now_us))
      .filter((at) => at !== null);
    const wait = Math.ceil((Math.min(...next) - now_us) / US_PER_MS);
    return Math.max(1, Math.min(wait, LOOK_MS_MAX));
  }

  private async run({ job, due_us }: DueJob): Promise<RunRecord> {
    const { records, nowUs, newest } = this.options;
    const before = await records.load();
    const last = recordOf(before, job.name);
    const attempts = last?.due_us === due_us ? last.attempts : 0;
    const started_us = nowUs();
    const open = { job: job.name, due_us, started_us, seen: last?.seen ?? '', exit_code: null };
    const seen = await newest(started_us);
    if (nothingNew(job, { due_us, seen: open.seen }, seen)) {
      const detail = seen === '' ? 'there are no bars' : `seen already: ${seen}`.slice(0, DETAIL_LENGTH);
      return this.keep(before, { ...open, ended_us: nowUs(), attempts, outcome: 'nothing_new', detail });
    }
    const running = {
      ...open,
      ended_us: null,
      attempts: attempts + 1,
      outcome: 'running' as const,
      detail: '',
    };
    await records.save(withRecord(before, running));
    const end = await this.work(job);
    // Ended on request is no failure of the work: the next start begins it again, and does not count this one.
    const counted = end.outcome === 'interrupted' ? attempts : attempts + 1;
    const done = { ...open, ...end, ended_us: nowUs(), attempts: counted };
    const record = { ...done, seen: end.outcome === 'done' ? seen : open.seen };
    return this.keep(await records.load(), record);
  }

  private async work(job: Job): Promise<ChildEnd> {
    const { config, program, environment, signal, events } = this.options;
    const words = commandOf(job.name, config) ?? [];
    events.started(job.name, words);
    return runChild({
      ...{ program, words, environment, signal },
      limitMs: job.limitMinutes * MS_PER_MINUTE,
      onLine: (line) => {
        events.line(job.name, line);
      },
    });
  }

  private async keep(records: RunRecords, record: RunRecord): Promise<RunRecord> {
    await this.options.records.save(withRecord(records, record));
    this.options.events.ended(record);
    return record;
  }
}
