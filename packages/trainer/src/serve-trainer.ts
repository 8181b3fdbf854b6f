import type { Bus } from '@bellwether/bus';
import { BellwetherError, ServiceState, encodeStatus, subjects } from '@bellwether/contracts';
import { keepLease, type HostLog, type trainerSettings } from '@bellwether/host';
import { JOB_NAMES, isJobName } from '@bellwether/schedule';
import type { z } from 'zod';
import type { TrainerConfig } from './job-commands.js';
import type { TrainerMetrics } from './metrics.js';
import { checkSelections, newestSessions } from './newest-sessions.js';
import { busRecords } from './record-stores.js';
import { Trainer, type TrainerEvents } from './trainer.js';

export type TrainerSettings = z.output<z.ZodObject<typeof trainerSettings>>;

export interface ServeTrainerOptions {
  readonly settings: TrainerSettings;
  readonly bus: Bus;
  readonly owner: string;
  /** `bw.mjs`. */
  readonly program: string;
  /** Of this process: what is no setting of ours is handed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowUs: () => number;
  readonly log: HostLog;
  readonly metrics: TrainerMetrics;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

const SERVICE = 'trainer';
/** It belongs to no book. */
const NO_BOOK = 'none';
const DETAIL_LENGTH = 500;

/** @throws BellwetherError `usage` with what is no job or no selection */
export function configOf(settings: TrainerSettings): TrainerConfig {
  const unknown = settings.BW_TRAINER_JOBS.filter((name) => !isJobName(name));
  if (unknown.length > 0) {
    throw new BellwetherError(
      'usage',
      `BW_TRAINER_JOBS: there is no job ${unknown.join(', ')}: expected ${JOB_NAMES.join(', ')}`,
    );
  }
  checkSelections(settings.BW_TRAINER_DATA);
  const named = settings.BW_TRAINER_JOBS.filter(isJobName);
  return {
    data: settings.BW_TRAINER_DATA,
    catalog: settings.BW_CATALOG,
    models: settings.BW_MODELS === 'bus' ? natsPlace(settings.BW_NATS_URL) : settings.BW_MODELS,
    feeds: settings.BW_TRAINER_FEEDS || null,
    audit: settings.BW_TRAINER_AUDIT || null,
    book: settings.BW_TRAINER_BOOK || null,
    seed: settings.BW_TRAINER_SEED,
    folds: settings.BW_TRAINER_FOLDS || null,
    calibration: settings.BW_TRAINER_CALIBRATION,
    jobs: named.length === 0 ? JOB_NAMES : named,
  };
}

function natsPlace(servers: string): string {
  return servers
    .split(',')
    .map((server) => (server.includes('://') ? server : `nats://${server}`))
    .join(',');
}

/** The environment of a `bw` command: that of the service without its settings, and those that the command knows. */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  settings: TrainerSettings,
): Readonly<Record<string, string | undefined>> {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith('BW_'));
  return {
    ...Object.fromEntries(others),
    BW_MODEL_KEY_FOLDER: settings.BW_MODEL_KEY_FOLDER,
    BW_TRAINING_FOLDER: settings.BW_TRAINING_FOLDER,
    BW_CATALOG: settings.BW_CATALOG,
  };
}

/** Does the jobs of the table while it has the lease; another trainer stands by. Until the signal. */
export async function serveTrainer(options: ServeTrainerOptions): Promise<void> {
  const { settings, bus, owner, log, metrics, nowUs, pause, signal } = options;
  const config = configOf(settings);
  const tell = async (state: ServiceState, detail: string): Promise<void> => {
    const status = {
      service: SERVICE,
      book: NO_BOOK,
      owner,
      state,
      seq: 0,
      detail: detail.slice(0, DETAIL_LENGTH),
    };
    // For whoever listens now; a bus that is down must not end the work.
    await bus.publish(subjects.status(SERVICE, NO_BOOK), encodeStatus(status)).catch(() => undefined);
  };
  const events: TrainerEvents = {
    started: (job, command) => {
      log.info({ job, command: `bw ${command.join(' ')}` }, 'job started');
      metrics.started(job);
      void tell(ServiceState.RUNNING, `${job} runs`);
    },
    ended: (record) => {
      const { job, outcome, exit_code, detail } = record;
      metrics.ended(record);
      if (outcome === 'failed' || outcome === 'timed_out')
        log.error({ job, outcome, exit_code, detail }, 'job failed');
      else log.info({ job, outcome, detail: outcome === 'nothing_new' ? detail : '' }, 'job ended');
      void tell(ServiceState.RUNNING, `${job}: ${outcome}`);
    },
    line: (job, line) => {
      log.info({ job }, line);
    },
  };
  const work = (held: AbortSignal): Promise<void> =>
    new Trainer({
      ...{ config, events, nowUs, pause, signal: held, program: options.program },
      records: busRecords(bus),
      environment: childEnvironment(options.environment, settings),
      newest: (now_us) => newestSessions(config.data, settings.BW_CATALOG, now_us),
    }).keepGoing();
  const standby = (): Promise<void> => tell(ServiceState.STANDBY, 'another trainer has the lease');
  while (!signal.aborted) {
    if (!settings.BW_LEASE) await work(signal);
    else await keepLease({ leases: bus.leases, name: SERVICE, owner, signal, pause }, standby, work);
  }
  await tell(ServiceState.STOPPED, 'ended on request');
}
