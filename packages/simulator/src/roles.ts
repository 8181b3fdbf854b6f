import {
  memoryAuditIndex,
  noAuditMetrics,
  runAudit,
  type AuditFiles,
  type AuditKey,
} from '@bellwether/audit';
import { BusRefused } from '@bellwether/bus';
import { BellwetherError, type AuditHead, type Entry } from '@bellwether/contracts';
import { runExecution } from '@bellwether/execution';
import { BookHost, noModels, type HostLog, type HostMetrics, type Infer } from '@bellwether/host';
import { runIngestion } from '@bellwether/ingestion';
import type { AnyStage } from '@bellwether/kernel';
import type { Chance } from './chance.js';
import { Client, type ClientPlan } from './client.js';
import type { Coverage } from './coverage.js';
import { DecisionView } from './decision-view.js';
import { runTrader } from './external-trader.js';
import { BOOK } from './market.js';
import { ASKING_LINE } from './model-stage.js';
import type { Scenario } from './scenario.js';
import type { SimBus } from './sim-bus.js';
import type { SimProcess } from './sim-process.js';
import type { Sender } from './submit.js';

/** What one life of a process is given. */
export interface Life {
  readonly process: SimProcess;
  readonly bus: SimBus;
  readonly log: HostLog;
  readonly metrics: HostMetrics;
  /** Asks the model, in the virtual time of this life. */
  readonly infer: Infer;
  /** The volume of the audit log, as this life sees it. */
  readonly disk: AuditFiles;
}

export interface Role {
  readonly name: string;
  /** One life, to its end. */
  readonly live: (life: Life) => Promise<void>;
  /** Whether this end is one after which a supervisor starts the process again. Otherwise the run has failed. */
  readonly passes: (cause: unknown) => boolean;
}

/** What the roles of one run share. */
export interface RoleContext {
  readonly scenario: Scenario;
  readonly chance: Chance;
  readonly inputs: readonly Entry[];
  /** Inputs before the first that is decided on: release and warm-up, which come at once. */
  readonly prefix: number;
  readonly plan: ClientPlan;
  readonly sender: (life: Life) => Sender;
  /** The client ends once this is decided. */
  readonly lastInputId: string;
  readonly onClientEnd: () => void;
  readonly auditKey: AuditKey;
  readonly clock: SimClock;
  readonly coverage: Coverage;
  readonly onHead: (head: AuditHead) => void;
}

/** The clocks that a service is given. */
export interface SimClock {
  /** The book's own time: what is written into it must not run ahead. */
  readonly bookUs: () => number;
  readonly nowUs: () => number;
  readonly elapsedMs: () => number;
}

const never = (): boolean => false;

/** A program that ends on a bus that refuses is started again by its supervisor. */
const passing = (cause: unknown): boolean =>
  cause instanceof BusRefused || (cause instanceof BellwetherError && cause.code === 'outcome_unknown');

export function rolesOf(context: RoleContext): readonly Role[] {
  const { arrangement } = context.scenario;
  const services = arrangement === 'embedded' ? [desk(context)] : separate(context);
  const clients = [ingestion(context), client(context)];
  if (context.scenario.terms.execution === 'external') clients.push(trader(context));
  return [...services, ...clients];
}

function separate(context: RoleContext): readonly Role[] {
  const stages = ASKING_LINE.map((stage) => ({
    name: stage.name,
    live: (life: Life) => host(life, context, stage.name, [stage]),
    passes: never,
  }));
  return [
    ...stages,
    { name: 'execution', live: (life) => execution(life, context), passes: never },
    { name: 'audit', live: (life) => audit(life, context), passes: never },
  ];
}

function host(
  life: Life,
  { scenario }: RoleContext,
  service: string,
  stages: readonly AnyStage[],
): Promise<void> {
  const { process, bus, log, metrics } = life;
  const asks = stages.some((stage) => stage.prepare !== undefined);
  return new BookHost({
    ...{ bus, book: BOOK, service, stages, log, metrics, owner: process.name, pause: process.pause },
    ...{ infer: asks ? life.infer : noModels, lease: scenario.lease },
    snapshotEveryFrames: scenario.snapshotEvery,
  }).run(process.signal);
}

async function execution(life: Life, { scenario, clock }: RoleContext): Promise<void> {
  const { process, bus, log, metrics } = life;
  const audit = { ...scenario.audit, nowUs: clock.bookUs, elapsedMs: clock.elapsedMs };
  await runExecution({
    ...{ bus, book: BOOK, inputs: null, log, metrics, owner: process.name, pause: process.pause },
    ...{ lease: scenario.lease, durable: false, signal: process.signal, audit },
    snapshotEveryDecisions: scenario.snapshotEvery,
  });
}

async function audit(life: Life, context: RoleContext): Promise<void> {
  const { process, bus, log, disk } = life;
  const { scenario, auditKey, clock, coverage, onHead } = context;
  await runAudit({
    ...{ bus, book: BOOK, files: disk, key: auditKey, log, owner: process.name, lease: scenario.lease },
    ...{ nowUs: clock.nowUs, measureLatency: false, pause: process.pause, signal: process.signal, onHead },
    index: () => memoryAuditIndex({ files: disk, book: BOOK }),
    metrics: { ...noAuditMetrics, tornTailCut: () => coverage.count('torn_tail_cut') },
  });
}

/** As `bw start` runs it: line, broker and audit log side by side. */
function desk(context: RoleContext): Role {
  return {
    name: 'desk',
    live: async (life) => {
      await Promise.all([
        host(life, context, 'line', ASKING_LINE),
        execution(life, context),
        audit(life, context),
      ]);
    },
    passes: never,
  };
}

function ingestion(context: RoleContext): Role {
  return {
    name: 'ingestion',
    live: async ({ process, bus }) => {
      const inputs = paced(context, process);
      const { signal, pause } = process;
      await runIngestion({ bus, book: BOOK, inputs, signal, wait: pause });
    },
    passes: passing,
  };
}

/** The inputs as a live source gives them: one after the other, with time between them. */
async function* paced(
  { inputs, prefix, chance, scenario }: RoleContext,
  process: SimProcess,
): AsyncGenerator<Entry> {
  for (const [i, entry] of inputs.entries()) {
    if (i >= prefix && scenario.paceMs > 0) {
      await process.pause(chance.around(scenario.paceMs), process.signal);
    }
    yield entry;
  }
}

function client(context: RoleContext): Role {
  const { chance, plan, lastInputId } = context;
  return {
    name: 'client',
    live: async (life) => {
      const view = new DecisionView();
      const ending = new AbortController();
      const until = AbortSignal.any([life.process.signal, ending.signal]);
      const acting = new Client({ ...context.sender(life), chance, plan, view, lastInputId });
      const following = view.follow(life.bus, BOOK, until, (frame) => acting.see(frame));
      if (await acting.run()) context.onClientEnd();
      ending.abort();
      await following;
    },
    passes: passing,
  };
}

function trader(context: RoleContext): Role {
  return {
    name: 'trader',
    live: (life) => runTrader({ ...context.sender(life), chance: context.chance }),
    passes: passing,
  };
}
