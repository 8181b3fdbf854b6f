import type { MemoryAuditFiles } from '@bellwether/audit';
import type { HostLog, HostMetrics, Infer } from '@bellwether/host';
import type { Chance } from './chance.js';
import type { Coverage } from './coverage.js';
import type { Life, Role } from './roles.js';
import { SimBus } from './sim-bus.js';
import { SimDisk } from './sim-disk.js';
import { SimProcess } from './sim-process.js';
import type { SimServer } from './sim-server.js';
import { MODEL } from './model-stage.js';
import { TRUNK, TRUNK_OUTPUTS } from './trunk-model.js';
import { Violation } from './violation.js';

/** Programs whose reading is not what is tested. */
const OBSERVERS: ReadonlySet<string> = new Set(['client', 'trader']);

/** Who has the volume of the audit log. */
const WRITES_AUDIT: ReadonlySet<string> = new Set(['audit', 'desk']);

/** Time from the end of a process to its next start. */
const RESTART_MS = [50, 2_500] as const;
const START_SPREAD_MS = 300;

/** Bytes of the last append that can have reached the disk without a flush. */
const TORN_BYTES_MAX = 4_000;

const MODEL_MS = 3;
const MODEL_SLOW_MS = 2_000;
const MODEL_VERSION = '1';
const MODEL_SHA256 = '5'.repeat(64);

/** One place in which a role runs: a service has two of them where it is doubled. */
class Member {
  lives = 0;
  process: SimProcess | null = null;
  bus: SimBus | null = null;
  disk: SimDisk | null = null;

  constructor(
    readonly role: Role,
    readonly instance: string,
  ) {}
}

export interface ClusterOptions {
  readonly server: SimServer;
  readonly chance: Chance;
  readonly coverage: Coverage;
  /** The volume of the audit log. */
  readonly volume: MemoryAuditFiles;
  readonly fail: (violation: Violation) => void;
}

/** The processes of a run, and their supervisor: what ends is started again from what is stored. */
export class Cluster {
  readonly #members: readonly Member[];

  constructor(
    private readonly options: ClusterOptions,
    roles: readonly Role[],
    doubled: readonly string[],
  ) {
    this.#members = roles.flatMap((role) =>
      (doubled.includes(role.name) ? ['a', 'b'] : ['a']).map((instance) => new Member(role, instance)),
    );
  }

  start(): void {
    for (const member of this.#members)
      this.#startLater(member, this.options.chance.between(0, START_SPREAD_MS));
  }

  /** Processes that run now, in a fixed order. */
  get running(): readonly SimProcess[] {
    return this.#members.flatMap(({ process }) => (process?.alive === true ? [process] : []));
  }

  /** Who writes the audit log, where he runs. */
  get auditWriters(): readonly SimProcess[] {
    return this.running.filter(({ name }) => WRITES_AUDIT.has(name.split('/')[0] ?? ''));
  }

  /** Processes of the services that hold leases. */
  get leaseHolders(): readonly SimProcess[] {
    return this.running.filter(
      ({ name }) => !OBSERVERS.has(name.split('/')[0] ?? '') && !name.startsWith('ingestion'),
    );
  }

  /** The machine goes down: everything dies, and the disk keeps what was flushed, and perhaps a piece more. */
  loseEverything(power: boolean): void {
    const { chance, volume } = this.options;
    for (const process of this.running) process.kill('with everything else');
    if (power) volume.crash({ power, tornBytes: chance.below(TORN_BYTES_MAX) });
  }

  #startLater(member: Member, ms: number): void {
    this.options.server.time.after(ms, () => {
      if (member.process?.alive !== true) this.#start(member);
    });
  }

  #start(member: Member): void {
    const { server } = this.options;
    member.lives += 1;
    const name = `${member.role.name}/${member.instance}#${member.lives}`;
    const process = new SimProcess(name, server.time, (why) => {
      this.options.coverage.count('crash');
      this.#died(member, `killed ${why}`);
    });
    const bus = new SimBus(server, process, !OBSERVERS.has(member.role.name));
    member.process = process;
    const disk = new SimDisk(this.options.volume, process, server);
    member.bus = bus;
    member.disk = disk;
    server.note(name, 'starts');
    member.role.live(this.#life(process, bus, disk)).then(
      () => process.deliver(() => this.#ended(member, process, null)),
      (cause: unknown) => process.deliver(() => this.#ended(member, process, cause)),
    );
  }

  #life(process: SimProcess, bus: SimBus, disk: SimDisk): Life {
    return {
      process,
      bus,
      disk,
      log: this.#log(process),
      metrics: this.#metrics(),
      infer: this.#infer(process),
    };
  }

  #died(member: Member, why: string): void {
    const { server, chance } = this.options;
    server.note(member.process?.name ?? '', why);
    member.bus?.disconnected();
    member.disk?.abandoned();
    this.#startLater(member, chance.between(...RESTART_MS));
  }

  /** A process has ended by itself: on request, because its work is done, or by a failure. */
  #ended(member: Member, process: SimProcess, cause: unknown): void {
    if (member.process !== process) return;
    process.ended();
    if (cause === null && !process.signal.aborted) {
      this.options.server.note(process.name, 'is done');
      return;
    }
    if (cause !== null && !member.role.passes(cause)) {
      this.options.fail(new Violation('runs', `${process.name} gave up: ${textOf(cause)}`));
      return;
    }
    this.#died(member, cause === null ? 'ended on request' : `ended: ${textOf(cause)}`);
  }

  #log(process: SimProcess): HostLog {
    const { server, coverage } = this.options;
    const note = (details: object, message: string): void => {
      const cause = 'cause' in details ? ` (${textOf(details.cause)})` : '';
      server.note(process.name, `says: ${message}${cause}`);
      if (message === 'recovered') coverage.count('recovered');
      if (message.startsWith('gap in the input')) coverage.count('gap_detected');
      if (message === 'starting the execution again' && cause.includes('Expected decision')) {
        coverage.count('gap_detected');
      }
    };
    return { info: note, warn: note, error: note };
  }

  #metrics(): HostMetrics {
    const { coverage } = this.options;
    const nothing = (): void => undefined;
    return {
      ...{ frame: nothing, fault: nothing, conflict: nothing, state: nothing },
      snapshotSaved: () => coverage.count('snapshot_saved'),
      snapshotCorrupt: () => coverage.count('snapshot_refused'),
    };
  }

  /** Another answer at each question: only what is recorded can be replayed. */
  #infer(process: SimProcess): Infer {
    const { server, chance } = this.options;
    return async (requests) => {
      const slow = server.faults.draw('model_slow');
      await process.pause(chance.around(slow ? MODEL_SLOW_MS : MODEL_MS), process.signal);
      if (server.faults.draw('model_failed')) throw new Error('The model did not answer in time');
      return requests.map(({ model, version, sha256 }) =>
        model === TRUNK
          ? { model, version, sha256, outputs: Array.from({ length: TRUNK_OUTPUTS }, () => chance.next()) }
          : { model: MODEL, version: MODEL_VERSION, sha256: MODEL_SHA256, outputs: [chance.next()] },
      );
    };
  }
}

function textOf(cause: unknown): string {
  if (cause instanceof Error) return `${cause.name}: ${cause.message}`;
  return typeof cause === 'string' ? cause : JSON.stringify(cause);
}
