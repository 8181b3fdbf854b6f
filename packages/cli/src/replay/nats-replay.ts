import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { AuditVerdict } from '@bellwether/audit';
import { openBus, type Bus } from '@bellwether/bus';
import { BellwetherError, STAGES } from '@bellwether/contracts';
import { findNatsServer, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { measure, type DataPlan } from '../data/data-plan.js';
import { modelsFolder } from '../folders.js';
import { WORKSPACE } from '../workspace.js';
import { audited, checkAudit } from './audit-check.js';
import { Chaos, planKills, type Kill } from './chaos.js';
import { ServiceFleet } from './fleet.js';
import { followDecisions, type FollowOptions, type FollowResult } from './follow.js';
import { DECIDING_SERVICES } from './services.js';

/** Frames between snapshots: few enough that a kill in a short run meets one. */
const SNAPSHOT_EVERY_FRAMES = 200;

/** Of the services' log, shown when a run fails. */
const LOG_SHOWN_CHARACTERS = 4_000;

export interface NatsReplayOptions {
  readonly plan: DataPlan;
  /** Servers to use; null starts one for the run. */
  readonly natsUrl: string | null;
  /** What to kill, once for each time it is named, at moments drawn from the seed. */
  readonly kill: readonly string[];
  readonly seed: string;
  /** Ends the run early: everything it started is ended too. */
  readonly signal: AbortSignal;
  readonly onStart: (inputs: number) => void;
  readonly onKill: (kill: Kill) => void;
  readonly onFrame: FollowOptions['onFrame'];
}

export interface NatsReplayResult extends FollowResult {
  readonly kills: readonly Kill[];
  /** The audit log of the run, verified; null where the run was ended early. */
  readonly audit: AuditVerdict | null;
}

interface Scratch {
  readonly folder: string;
  readonly bookFile: string;
  readonly logFile: string;
  readonly auditFolder: string;
}

async function scratch(plan: DataPlan): Promise<Scratch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bw-replay-'));
  const bookFile = path.join(folder, 'book.yaml');
  await writeFile(bookFile, stringify(plan.bookFile));
  const [logFile, auditFolder] = [path.join(folder, 'services.log'), path.join(folder, 'audit')];
  return { folder, bookFile, logFile, auditFolder };
}

function fleetOf({ plan, kill }: NatsReplayOptions, natsUrl: string, files: Scratch): ServiceFleet {
  const { from, to, warmup } = plan.options;
  const books = { BW_BOOKS: plan.book };
  // The registry of this process, whose champions the reference run was told of too.
  const models = {
    BW_MODELS: modelsFolder(plan.options.models ?? null),
    BW_MODEL_KEYS: path.join(WORKSPACE, 'config/model-keys'),
  };
  return new ServiceFleet({
    services: DECIDING_SERVICES,
    logFile: files.logFile,
    mayEnd: ['ingestion'],
    // Drawn at random, all kills may hit one service.
    restartsMax: kill.length,
    environment: {
      BW_NATS_URL: natsUrl,
      BW_LOG_LEVEL: 'info',
      BW_SNAPSHOT_EVERY: String(SNAPSHOT_EVERY_FRAMES),
    },
    perService: {
      ...Object.fromEntries(STAGES.map((service) => [service, { ...books, ...models }])),
      execution: { ...books, BW_AUDIT_WATCH: 'hold' },
      audit: { ...books, BW_AUDIT_FOLDER: files.auditFolder, BW_AUDIT_LATENCY: 'off' },
      gateway: { BW_BOOK_FILES: files.bookFile, BW_HTTP_PORT: '0' },
      ingestion: {
        ...models,
        BW_BOOK_FILE: files.bookFile,
        // A replay is a measurement, over NATS as in memory.
        BW_EVIDENCE: 'off',
        BW_DATA_FILES: plan.sources.join(','),
        BW_CATALOG: plan.catalog,
        BW_EVENT_FILES: plan.events.facts.map(({ path: file }) => path.resolve(file)).join(','),
        ...(plan.options.lexicon === undefined ? {} : { BW_LEXICON: path.resolve(plan.options.lexicon) }),
        BW_WARMUP_SESSIONS: String(warmup),
        ...(from === undefined ? {} : { BW_FROM: String(from) }),
        ...(to === undefined ? {} : { BW_TO: String(to) }),
      },
    },
  });
}

/** Runs a plan over NATS, every service as a process of its own. Leaves neither processes nor files behind. */
export async function replayOverNats(options: NatsReplayOptions): Promise<NatsReplayResult> {
  const { plan, onStart, natsUrl } = options;
  const { count, lastId } = await measure(plan.inputs(null));
  if (natsUrl === null && findNatsServer() === null) {
    throw new BellwetherError('nats_missing', 'No nats-server was found and NATS_URL is not set');
  }
  onStart(count);
  const files = await scratch(plan);
  try {
    const server = natsUrl === null ? await startNatsServer() : null;
    try {
      const bus = await openBus({
        ...{ kind: 'nats', name: 'bw-replay', servers: (natsUrl ?? server?.url ?? '').split(',') },
      });
      return await withBus(options, { files, server, bus, count, lastId }).finally(() => bus.close());
    } finally {
      await server?.stop();
    }
  } catch (cause) {
    const log = await readFile(files.logFile, 'utf8').catch(() => '');
    if (log !== '')
      process.stderr.write(`Last lines of the services:\n${log.slice(-LOG_SHOWN_CHARACTERS)}\n`);
    throw cause;
  } finally {
    await rm(files.folder, { recursive: true, force: true });
  }
}

interface Running {
  readonly files: Scratch;
  readonly server: NatsServer | null;
  readonly bus: Bus;
  /** Inputs, and the id of the last of them. */
  readonly count: number;
  readonly lastId: string;
}

async function withBus(options: NatsReplayOptions, running: Running): Promise<NatsReplayResult> {
  const { plan, kill, seed, onKill, signal } = options;
  const { files, server, bus, count, lastId } = running;
  const fleet = fleetOf(options, options.natsUrl ?? server?.url ?? '', files);
  const chaos = new Chaos(planKills(kill, count, seed), fleet, server, onKill);
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  let frames = 0;
  fleet.start();
  let result: FollowResult;
  try {
    const following = followDecisions({
      ...{ bus, book: plan.book, lastId, inputs: plan.inputs(null), signal: until },
      onFrame: async (frame, bytes) => {
        frames += 1;
        chaos.at(frames);
        await options.onFrame?.(frame, bytes);
      },
    });
    result = await Promise.race([following, fleet.broken, chaos.broken]);
    if (result.finished) await Promise.race([audited(bus, plan.book, frames, until), fleet.broken]);
  } finally {
    stop.abort();
    await fleet.stop();
  }
  const audit = result.finished ? await checkAudit(files.auditFolder, plan.book, frames) : null;
  return { ...result, kills: chaos.done, audit };
}
