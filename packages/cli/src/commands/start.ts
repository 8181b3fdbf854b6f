import path from 'node:path';
import type { Logger } from 'pino';
import { createAuditMetrics } from '@bellwether/audit';
import { openBus, type Bus } from '@bellwether/bus';
import { BellwetherError, type BookConfig } from '@bellwether/contracts';
import type { AuditWatchOptions } from '@bellwether/execution';
import { openScorer } from '@bellwether/events';
import { UNGATED_SYNTHETIC, evidenceLine } from '@bellwether/evidence';
import { createGateway, prometheusMetrics } from '@bellwether/gateway';
import {
  AUDIT_BEHIND_FRAMES,
  AUDIT_BEHIND_MS,
  VERSION,
  createHostMetrics,
  createLogger,
  readBookFile,
} from '@bellwether/host';
import { LINE } from '@bellwether/line';
import { runShadow } from '@bellwether/model-review';
import { REGISTRY_EVERY_MS } from '@bellwether/models';
import { markText, unknownMark } from '@bellwether/verdict';
import {
  checkData,
  filePlan,
  gatedSettings,
  namesNoData,
  samplePlan,
  type DataOptions,
  type DataPlan,
} from '../data/data-plan.js';
import { planModels, type PlanModels } from '../data/plan-models.js';
import { runDesk } from '../desk/desk.js';
import { EmbeddedAudit } from '../desk/embedded-audit.js';
import { feed, live } from '../desk/feeding.js';
import { operatorToken } from '../desk/operator-token.js';
import { claimStore } from '../desk/store-claim.js';
import { evidenceFile, storeFolder } from '../folders.js';
import { SYNTHETIC_LINE } from '../replay/report.js';

export interface StartOptions extends DataOptions {
  readonly port: number;
  readonly store?: string;
  /** File of the evidence that a book of market data stands behind. */
  readonly evidence?: string;
}

/** Bars that come live are in no file that could be judged. */
const LIVE_MARK = unknownMark('live bars: no verdict is made of a feed');

const SNAPSHOT_EVERY_FRAMES = 2_000;
const US_PER_MS = 1_000;

const nowUs = (): number => Date.now() * US_PER_MS;

/** What this start is about: bars of the past, or a live book. */
interface Job {
  readonly title: string;
  readonly book: string;
  readonly config: BookConfig;
  readonly knownTime: 'receive' | 'event';
  readonly plan: DataPlan | null;
  readonly models: PlanModels;
  /** Lexicon file for news; null for our own. */
  readonly lexicon: string | null;
}

async function jobOf(options: StartOptions): Promise<Job> {
  checkData(options);
  const gate = evidenceFile(options.evidence ?? null);
  if (options.book !== undefined && namesNoData(options) && !isSample(options.book)) {
    if (options.from !== undefined || options.to !== undefined) {
      throw new BellwetherError(
        'usage',
        '--from and --to choose from data: name it with --data and --symbol',
      );
    }
    if ((options.events ?? []).length > 0) {
      throw new BellwetherError(
        'usage',
        '--events goes with --data: send events of a live book to POST /v1/events',
      );
    }
    const given = (await readBookFile(options.book)).settings;
    const models = await planModels(given.config, options);
    const { config, known_time } = await gatedSettings(given, models.promotions, gate);
    return {
      title: `live book ${config.book}`,
      book: config.book,
      config,
      knownTime: known_time,
      plan: null,
      models,
      lexicon: options.lexicon ?? null,
    };
  }
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan({ ...options, gate });
  const { config, known_time } = plan.settings;
  return {
    title: plan.title,
    book: plan.book,
    config,
    knownTime: known_time,
    plan,
    models: plan.models,
    lexicon: options.lexicon ?? null,
  };
}

const isSample = (file: string): boolean => path.basename(file) === 'sample.yaml';

/** `bw start`: everything of one book in one process, until a signal ends it. */
export async function start(options: StartOptions): Promise<void> {
  const job = await jobOf(options);
  const folder = storeFolder(options.store ?? null);
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const claim = await claimStore(folder);
  try {
    const bus = await openBus({ kind: 'lmdb', folder });
    try {
      await claim.freeLeases(bus, [`line/${job.book}`, `execution/${job.book}`]);
      await serveBook({ job, bus, folder, owner: claim.owner, port: options.port, signal: stop.signal, end });
    } finally {
      await bus.close();
    }
  } finally {
    await claim.release();
  }
  process.stderr.write('Ended.\n');
}

interface Serving {
  readonly job: Job;
  readonly bus: Bus;
  readonly folder: string;
  readonly owner: string;
  readonly port: number;
  readonly signal: AbortSignal;
  readonly end: () => void;
}

async function serveBook({ job, bus, folder, owner, port, signal, end }: Serving): Promise<void> {
  const log = createLogger('bw', 'warn');
  const { host: metrics, registry } = createHostMetrics();
  const gateway = createGateway({
    ...{ bus, nowUs, logger: log, version: VERSION, port, metrics: prometheusMetrics(registry) },
    scorer: await openScorer(job.lexicon),
    operatorToken: await operatorToken(folder),
    books: [{ book: job.book, config: job.config, knownTime: job.knownTime, dataMark: dataMarkOf(job) }],
  });
  const audit = new EmbeddedAudit({
    ...{ bus, book: job.book, store: folder, owner, nowUs, measureLatency: job.knownTime === 'receive' },
    ...{ log, metrics: createAuditMetrics(registry, metrics) },
  });
  const stopped = new AbortController();
  const until = AbortSignal.any([signal, stopped.signal]);
  const auditEnd = new AbortController();
  let desk: Promise<void> = Promise.resolve();
  let auditing: Promise<void> = Promise.resolve();
  let shadow: Promise<void> = Promise.resolve();
  try {
    const listening = await gateway.start();
    process.stdout.write(
      `Serving book ${job.book} on http://127.0.0.1:${listening} (API: /docs), store ${folder}\n`,
    );
    if (job.plan?.synthetic === true) process.stdout.write(`${SYNTHETIC_LINE}\n${UNGATED_SYNTHETIC}\n`);
    else process.stdout.write(`${evidenceLine(job.config.evidence)}\n`);
    auditing = audit.run(auditEnd.signal);
    auditing.catch((cause: unknown) => onAuditEnd(job, cause, end));
    desk = runDesk(
      {
        ...{ bus, config: job.config, stages: LINE, inputs: null, owner, shared: true },
        infer: job.models.infer,
        ...{ snapshotEveryFrames: SNAPSHOT_EVERY_FRAMES, log, metrics, audit: watchOf(job) },
      },
      until,
    );
    desk.catch(end);
    shadow = shadowOf({ job, bus, log, signal: until });
    const work =
      job.plan === null
        ? live(bus, job, nowUs, log, until)
        : feed({ bus, audit, folder, log }, job.plan, until);
    await Promise.race([desk, work]);
    await desk;
  } finally {
    stopped.abort();
    await gateway.close();
    await desk.catch(() => undefined);
    await shadow;
    // Last, so that it has seen every decision there is.
    auditEnd.abort();
    if (job.knownTime === 'receive') await auditing.catch(() => undefined);
    else await auditing;
  }
}

/** Challengers beside the champions of a book that asks models; in a live one, champions that leave their band are taken back. */
function shadowOf({
  job,
  bus,
  log,
  signal,
}: Pick<Serving, 'job' | 'bus' | 'signal'> & { log: Logger }): Promise<void> {
  const { registry, shadowInfer: infer } = job.models;
  if (registry === null) return Promise.resolve();
  return runShadow({
    ...{ bus, book: job.book, registry, infer, nowUs, log, everyMs: REGISTRY_EVERY_MS, signal },
    ...{ elapsedMs: () => performance.now(), takesBack: job.knownTime === 'receive' },
  });
}

/** What is said of the data, as soon as that is known: a file is judged while the gateway answers already. */
function dataMarkOf({ plan }: Job): () => string {
  if (plan === null) return () => markText(LIVE_MARK);
  let mark = unknownMark('the data are being judged');
  plan.mark().then(
    (found) => (mark = found),
    (cause: unknown) => (mark = unknownMark(`the data could not be judged: ${String(cause)}`)),
  );
  return () => markText(mark);
}

/** A live book's gate closes by itself, and what protects its positions goes on; a run over the past would only wait. */
function onAuditEnd({ book, knownTime }: Job, cause: unknown, end: () => void): void {
  const text = cause instanceof Error ? cause.message : String(cause);
  process.stderr.write(`The audit of book ${book} has stopped: ${text}\n`);
  if (knownTime === 'event') end();
  else process.stderr.write('No new risk is taken. Mend it and start again.\n');
}

function watchOf({ knownTime }: Job): AuditWatchOptions {
  return {
    mode: knownTime === 'receive' ? 'journal' : 'hold',
    behindFrames: AUDIT_BEHIND_FRAMES,
    behindMs: AUDIT_BEHIND_MS,
    nowUs,
    elapsedMs: () => performance.now(),
  };
}
