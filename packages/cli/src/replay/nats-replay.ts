import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { openBus } from '@bellwether/bus';
import { BellwetherError, STAGES } from '@bellwether/contracts';
import { uniformSource } from '@bellwether/kernel';
import { findNatsServer, startNatsServer } from '@bellwether/testkit';
import { measure, type DataPlan } from '../data/data-plan.js';
import { ServiceFleet } from './fleet.js';
import { followDecisions, type FollowOptions, type FollowResult } from './follow.js';
import { SERVICES } from './services.js';

/** Frames between snapshots: few enough that a kill in a short run meets one. */
const SNAPSHOT_EVERY_FRAMES = 200;

/** Of the services' log, shown when a run fails. */
const LOG_SHOWN_CHARACTERS = 4_000;

/** One SIGKILL: which service, and after how many decisions. */
export interface Kill {
  readonly service: string;
  readonly afterFrames: number;
}

/** Services that are killed on purpose: every stage and the broker. Ingestion is done early, the gateway only reads. */
export const KILLABLE: readonly string[] = [...STAGES, 'execution'];

/** Draws the moments from a seed: `services` in a random order, spread over the run. */
export function planKills(services: readonly string[], frames: number, seed: string): readonly Kill[] {
  const uniform = uniformSource(`kills|${seed}`);
  return services
    .map((service) => ({ service, afterFrames: 1 + Math.floor(uniform() * Math.max(1, frames - 1)) }))
    .sort((a, b) => a.afterFrames - b.afterFrames);
}

/** `count` of the killable services, drawn from a seed. */
export function drawServices(count: number, seed: string): readonly string[] {
  const uniform = uniformSource(`services|${seed}`);
  return Array.from({ length: count }, () => KILLABLE[Math.floor(uniform() * KILLABLE.length)] ?? 'risk');
}

export interface NatsReplayOptions {
  readonly plan: DataPlan;
  /** Servers to use; null starts one for the run. */
  readonly natsUrl: string | null;
  /** Services to kill once each, at moments drawn from the seed. */
  readonly kill: readonly string[];
  readonly seed: string;
  /** Ends the run early: everything it started is ended too. */
  readonly signal: AbortSignal;
  readonly onStart: (inputs: number) => void;
  readonly onKill: (kill: Kill) => void;
  readonly onFrame: FollowOptions['onFrame'];
}

interface Scratch {
  readonly folder: string;
  readonly bookFile: string;
  readonly logFile: string;
}

async function scratch(plan: DataPlan): Promise<Scratch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bw-replay-'));
  const bookFile = path.join(folder, 'book.yaml');
  await writeFile(bookFile, stringify(plan.bookFile));
  return { folder, bookFile, logFile: path.join(folder, 'services.log') };
}

function fleetOf(plan: DataPlan, natsUrl: string, { bookFile, logFile }: Scratch): ServiceFleet {
  const { from, to, warmup } = plan.options;
  const books = { BW_BOOKS: plan.book };
  return new ServiceFleet({
    services: SERVICES,
    logFile,
    mayEnd: ['ingestion'],
    environment: {
      BW_NATS_URL: natsUrl,
      BW_LOG_LEVEL: 'info',
      BW_SNAPSHOT_EVERY: String(SNAPSHOT_EVERY_FRAMES),
    },
    perService: {
      ...Object.fromEntries(KILLABLE.map((service) => [service, books])),
      gateway: { BW_BOOK_FILES: bookFile, BW_HTTP_PORT: '0' },
      ingestion: {
        BW_BOOK_FILE: bookFile,
        BW_DATA_FILES: plan.sources.join(','),
        BW_CATALOG: plan.catalog,
        BW_WARMUP_SESSIONS: String(warmup),
        ...(from === undefined ? {} : { BW_FROM: String(from) }),
        ...(to === undefined ? {} : { BW_TO: String(to) }),
      },
    },
  });
}

/** Runs a plan over NATS, every service as a process of its own. Leaves neither processes nor files behind. */
export async function replayOverNats(options: NatsReplayOptions): Promise<FollowResult> {
  const { plan, onStart } = options;
  const { count, lastId } = await measure(plan.inputs(null));
  if (options.natsUrl === null && findNatsServer() === null) {
    throw new BellwetherError('nats_missing', 'No nats-server was found and NATS_URL is not set');
  }
  onStart(count);
  const files = await scratch(plan);
  try {
    const server = options.natsUrl === null ? await startNatsServer() : null;
    try {
      return await withServer(options, files, options.natsUrl ?? server?.url ?? '', { count, lastId });
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

async function withServer(
  options: NatsReplayOptions,
  files: Scratch,
  natsUrl: string,
  { count, lastId }: { readonly count: number; readonly lastId: string },
): Promise<FollowResult> {
  const { plan, kill, seed, onKill, signal } = options;
  const bus = await openBus({ kind: 'nats', name: 'bw-replay', servers: natsUrl.split(',') });
  const fleet = fleetOf(plan, natsUrl, files);
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const kills = [...planKills(kill, count, seed)];
  let frames = 0;
  fleet.start();
  try {
    const following = followDecisions({
      ...{ bus, book: plan.book, lastId, inputs: plan.inputs(null), signal: until },
      onFrame: async (frame, bytes) => {
        frames += 1;
        for (let next = kills[0]; next !== undefined && next.afterFrames <= frames; next = kills[0]) {
          kills.shift();
          onKill(next);
          fleet.kill(next.service);
        }
        await options.onFrame?.(frame, bytes);
      },
    });
    return await Promise.race([following, fleet.broken]);
  } finally {
    stop.abort();
    await fleet.stop();
    await bus.close();
  }
}
