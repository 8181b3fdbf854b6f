import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { BellwetherError } from '@bellwether/contracts';
import { pause } from '@bellwether/host';
import { chicagoText } from '@bellwether/market';
import {
  JOB_NAMES,
  dueByCron,
  dueOf,
  isJobName,
  jobNamed,
  nextRun,
  type JobName,
} from '@bellwether/schedule';
import {
  Trainer,
  checkSelections,
  commandOf,
  folderRecords,
  lastRunsOf,
  newestSessions,
  recordOf,
  type RunRecord,
  type RunRecords,
  type TrainerConfig,
} from '@bellwether/trainer';
import { claimStore } from '../desk/store-claim.js';
import { auditFolder, catalogFolder, storeFolder, trainerFolder } from '../folders.js';
import { plainTable } from '../plain-table.js';
import { whileRunning } from '../while-running.js';
import { WORKSPACE } from '../workspace.js';

export interface TrainerCommandOptions {
  readonly data: readonly string[];
  readonly catalog?: string;
  readonly out: string;
  readonly feeds?: string;
  readonly audit?: string;
  readonly auditBook?: string;
  readonly seed: string;
  readonly folds?: number;
  readonly challengeCalibration?: boolean;
  readonly only: readonly string[];
  readonly state?: string;
  readonly once?: boolean;
  readonly now?: boolean;
  readonly dryRun?: boolean;
}

const PROGRAM = path.join(WORKSPACE, 'packages/cli/bin/bw.mjs');
const US_PER_MS = 1_000;
/** Said by `bw trainer due` where a job is not due. */
const NOT_DUE_EXIT = 3;
const FAILED_EXIT = 6;

const nowUs = (): number => Date.now() * US_PER_MS;

function jobOf(name: string): JobName {
  if (isJobName(name)) return name;
  throw new BellwetherError('usage', `There is no job ${name}: expected ${JOB_NAMES.join(', ')}`);
}

/** The log of `npm start`, where there is one. */
function usualAudit(): string | null {
  const folder = auditFolder(storeFolder(null));
  return existsSync(folder) ? folder : null;
}

function configOf(options: TrainerCommandOptions): TrainerConfig {
  checkSelections(options.data);
  return {
    data: options.data,
    catalog: options.catalog ?? null,
    models: options.out,
    feeds: options.feeds ?? null,
    audit: options.audit ?? usualAudit(),
    book: options.auditBook ?? null,
    seed: options.seed,
    folds: options.folds ?? null,
    calibration: options.challengeCalibration === true ? 'challenge' : 'promote',
    jobs: options.only.length === 0 ? JOB_NAMES : options.only.map(jobOf),
  };
}

/** Said of one run, for people. */
function runText({ job, outcome, started_us, ended_us, exit_code, detail }: RunRecord): string {
  const seconds = ended_us === null ? '' : ` after ${Math.round((ended_us - started_us) / 1_000_000)} s`;
  const code = exit_code === null || exit_code === 0 ? '' : `, exit code ${exit_code}`;
  const last = outcome === 'done' ? '' : (detail.split('\n').at(-1) ?? '');
  return `${chicagoText(ended_us ?? started_us)}  ${job}: ${outcome}${seconds}${code}${last === '' ? '' : `: ${last}`}`;
}

/** The calendar table as this trainer sees it now. */
function tableText(config: TrainerConfig, records: RunRecords, now_us: number): string {
  const last = lastRunsOf(records);
  const rows = JOB_NAMES.map((name) => {
    const job = jobNamed(name);
    const command = commandOf(name, config);
    const record = recordOf(records, name);
    const ran = record === null ? 'never' : `${chicagoText(record.started_us)}, ${record.outcome}`;
    if (command === null) return [name, job.when, ran, 'off', ''];
    const due = dueOf(job, last[name] ?? null, now_us) !== null;
    const next_us = nextRun(job, last[name] ?? null, now_us);
    const next = due ? 'now' : next_us === null ? 'the calendar ends' : chicagoText(next_us);
    return [name, job.when, ran, next, `bw ${command.join(' ')}`];
  });
  return plainTable(['job', 'when', 'last run', 'due', 'command'], rows);
}

/** `bw trainer run`: does the jobs of the calendar table until Ctrl-C, or once, or only tells of them. */
export async function runTrainer(options: TrainerCommandOptions): Promise<void> {
  const config = configOf(options);
  const folder = trainerFolder(options.state ?? null);
  const records = folderRecords(folder);
  process.stdout.write(`${tableText(config, await records.load(), nowUs())}\n`);
  if (options.dryRun === true) return;
  const claim = await claimStore(folder);
  try {
    const failed = await whileRunning((signal) => work(config, folder, options, signal));
    if (failed) process.exitCode = FAILED_EXIT;
  } finally {
    await claim.release();
  }
}

async function work(
  config: TrainerConfig,
  folder: string,
  options: TrainerCommandOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const say = (text: string): boolean => process.stdout.write(`${text}\n`);
  const catalog = catalogFolder(options.catalog ?? null);
  const trainer = new Trainer({
    ...{ config, program: PROGRAM, environment: process.env, nowUs, pause, signal },
    records: folderRecords(folder),
    newest: (now_us) => newestSessions(config.data, catalog, now_us),
    events: {
      started: (job, words) => say(`${chicagoText(nowUs())}  ${job}: bw ${words.join(' ')}`),
      ended: (record) => say(runText(record)),
      line: (_job, line) => say(`  ${line}`),
    },
  });
  if (options.once !== true && options.now !== true) {
    await trainer.keepGoing();
    return false;
  }
  const ended = options.now === true ? await trainer.now(config.jobs) : await trainer.once();
  if (ended.length === 0) say('Nothing is due.');
  return ended.some(({ outcome }) => outcome === 'failed' || outcome === 'timed_out');
}

export interface DueOptions {
  readonly cron?: string;
  readonly at?: number;
  readonly state?: string;
}

/** `bw trainer due`: exit code 0 where the job is due, 3 where it is not. */
export async function tellDue(name: string, options: DueOptions): Promise<void> {
  const job = jobNamed(jobOf(name));
  const at_us = options.at ?? nowUs();
  const { cron } = options;
  let due_us: number | null;
  if (cron !== undefined && cron !== '') {
    due_us = dueByCron(job, cron, at_us);
  } else {
    const last = lastRunsOf(await folderRecords(trainerFolder(options.state ?? null)).load());
    due_us = dueOf(job, last[job.name] ?? null, at_us);
  }
  if (due_us !== null) {
    process.stdout.write(`${job.name} is due since ${chicagoText(due_us)}.\n`);
    return;
  }
  const next_us = nextRun(job, { due_us: at_us, seen: '' }, at_us);
  const next = next_us === null ? 'The trading calendar ends.' : `It is next at ${chicagoText(next_us)}.`;
  process.stdout.write(`${job.name} is not due. ${next}\n`);
  process.exitCode = NOT_DUE_EXIT;
}
