import path from 'node:path';
import type { Logger } from 'pino';
import { openBus, type Bus } from '@bellwether/bus';
import { BellwetherError, DataOrigin, type BookConfig } from '@bellwether/contracts';
import { createAuditMetrics } from '@bellwether/audit';
import { createGateway, prometheusMetrics } from '@bellwether/gateway';
import {
  AUDIT_BEHIND_FRAMES,
  AUDIT_BEHIND_MS,
  VERSION,
  createHostMetrics,
  createLogger,
  readBookFile,
} from '@bellwether/host';
import {
  appendInput,
  clockRuleOf,
  latestRelease,
  nextRelease,
  releaseEntry,
  runIngestion,
  runLiveClock,
} from '@bellwether/ingestion';
import type { AuditWatchOptions } from '@bellwether/execution';
import { LINE, stageVersions } from '@bellwether/line';
import {
  checkData,
  filePlan,
  measure,
  namesNoData,
  samplePlan,
  type DataOptions,
  type DataPlan,
} from '../data/data-plan.js';
import { runDesk } from '../desk/desk.js';
import { EmbeddedAudit } from '../desk/embedded-audit.js';
import { claimStore } from '../desk/store-claim.js';
import { auditFolder, storeFolder } from '../folders.js';
import { showProgress } from '../progress.js';
import { followDecisions } from '../replay/follow.js';
import { SYNTHETIC_LINE, renderAuditHead, renderSummary } from '../replay/report.js';

export interface StartOptions extends DataOptions {
  readonly port: number;
  readonly store?: string;
}

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
}

async function jobOf(options: StartOptions): Promise<Job> {
  checkData(options);
  if (options.book !== undefined && namesNoData(options) && !isSample(options.book)) {
    if (options.from !== undefined || options.to !== undefined) {
      throw new BellwetherError(
        'usage',
        '--from and --to choose from data: name it with --data and --symbol',
      );
    }
    const { settings } = await readBookFile(options.book);
    const { config, known_time } = settings;
    return {
      title: `live book ${config.book}`,
      book: config.book,
      config,
      knownTime: known_time,
      plan: null,
    };
  }
  const plan = namesNoData(options) ? await samplePlan(options) : await filePlan(options);
  const { config, known_time } = plan.settings;
  return { title: plan.title, book: plan.book, config, knownTime: known_time, plan };
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
    books: [{ book: job.book, config: job.config, knownTime: job.knownTime }],
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
  try {
    const listening = await gateway.start();
    process.stdout.write(
      `Serving book ${job.book} on http://127.0.0.1:${listening} (API: /docs), store ${folder}\n`,
    );
    if (job.plan?.synthetic === true) process.stdout.write(`${SYNTHETIC_LINE}\n`);
    auditing = audit.run(auditEnd.signal);
    auditing.catch((cause: unknown) => onAuditEnd(job, cause, end));
    desk = runDesk(
      {
        ...{ bus, config: job.config, stages: LINE, inputs: null, owner, shared: true },
        ...{ snapshotEveryFrames: SNAPSHOT_EVERY_FRAMES, log, metrics, audit: watchOf(job) },
      },
      until,
    );
    desk.catch(end);
    const work =
      job.plan === null ? live(bus, job, until) : feed({ bus, audit, folder, log }, job.plan, until);
    await Promise.race([desk, work]);
    await desk;
  } finally {
    stopped.abort();
    await gateway.close();
    await desk.catch(() => undefined);
    // Last, so that it has seen every decision there is.
    auditEnd.abort();
    if (job.knownTime === 'receive') await auditing.catch(() => undefined);
    else await auditing;
  }
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

interface Feeding {
  readonly bus: Bus;
  readonly audit: EmbeddedAudit;
  /** Of the store. */
  readonly folder: string;
  readonly log: Logger;
}

/** Feeds bars of the past, shows how far it is, and prints the tables when the last decision is there. */
async function feed(
  { bus, audit, folder, log }: Feeding,
  plan: DataPlan,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const { count, lastId } = await measure(plan.inputs(null));
  process.stdout.write(`Feeding ${plan.title}: ${count.toLocaleString('en-US')} inputs\n`);
  const progress = showProgress('decisions', count);
  const latest = await latestRelease(bus, plan.book);
  let done = 0;
  const following = followDecisions({
    ...{ bus, book: plan.book, lastId, inputs: plan.inputs(null), signal },
    onFrame: () => {
      done += 1;
      progress.update(Math.min(done, count));
    },
  });
  const ingestion = runIngestion({ bus, book: plan.book, inputs: plan.inputs(latest), signal });
  const [result, fed] = await Promise.all([following, ingestion]);
  progress.end();
  if (!result.finished) return;
  log.info({ ...fed }, 'fed');
  process.stdout.write(`\n${renderSummary(result.summary, performance.now() - started)}\n\n`);
  process.stdout.write(`digest ${result.digest}\n`);
  const head = await Promise.race([audit.covers(result.summary.frames), ended(signal)]);
  if (head !== null) process.stdout.write(`\n${renderAuditHead(head, auditFolder(folder))}\n`);
  const example = result.summary.trades[0]?.decision_id ?? `${plan.book}-${result.summary.frames}`;
  process.stdout.write(`\nTry: npx bw why ${example}\nStill serving; Ctrl-C ends it.\n`);
}

function ended(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
    if (signal.aborted) resolve(null);
  });
}

/**
 * A live book: its release, then clock entries; bars come over `POST /v1/tick`. A book with `known_time: event` is fed
 * with the past over HTTP: this machine's clock has nothing to say in it.
 */
async function live(bus: Bus, job: Job, signal: AbortSignal): Promise<void> {
  const { book, config, knownTime } = job;
  const fromPast = knownTime === 'event';
  const release = nextRelease({ config, stages: stageVersions(), latest: await latestRelease(bus, book) });
  if (release !== null) {
    const at_us = fromPast ? 0 : nowUs();
    await appendInput({ bus, signal }, releaseEntry(book, release, at_us, DataOrigin.MARKET));
  }
  process.stdout.write('Live: send completed bars to POST /v1/tick. Ctrl-C ends it.\n');
  if (fromPast) return;
  await runLiveClock({ bus, book, rule: clockRuleOf(config), origin: DataOrigin.MARKET, nowUs, signal });
}
