import { createPrivateKey } from 'node:crypto';
import { auditKeyOf, memoryAuditFiles } from '@bellwether/audit';
import type { BanditStageState } from '@bellwether/bandit';
import { EntryKind, type Entry } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { checkAudit, checkGate } from './audit-check.js';
import { Chance } from './chance.js';
import { Cluster } from './cluster.js';
import { Coverage, type Counts } from './coverage.js';
import { Faults } from './faults.js';
import { checkJournal } from './journal-check.js';
import { Ledger } from './ledger.js';
import { bookOf, rawInputs } from './market.js';
import { ASKING_LINE } from './model-stage.js';
import { Mishaps } from './mishaps.js';
import { Observer } from './observer.js';
import { forbidRealTime } from './real-time.js';
import { recompute } from './recompute.js';
import { checkReservations } from './reservation-check.js';
import { rolesOf, type SimClock } from './roles.js';
import { describe, scenarioOf, type Scenario } from './scenario.js';
import { SimServer } from './sim-server.js';
import { Trace } from './trace.js';
import { SECOND_TRUNK } from './trunk-model.js';
import { Violation, type Invariant } from './violation.js';
import { VirtualTime, type RunEnd } from './virtual-time.js';

/** Virtual time in which the source and the clients must be done, whatever goes wrong. */
const WORK_MAX_MS = 900_000;
/** Virtual time in which everything must be settled once faults have ended. */
const SETTLE_MAX_MS = 120_000;
/** Settled: nothing new for this long. Longer than any restart pause (5 s) of the product. */
const QUIET_MS = 6_500;
const LEASE_TTL_MS = 3_000;
const CENTS_PER_USD = 100;
const US_PER_MS = 1_000;

/** The key of every simulated log. It signs nothing else, and being known it makes runs repeatable. */
const AUDIT_KEY = auditKeyOf(
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${'5b'.repeat(32)}`, 'hex'),
    ...{ format: 'der', type: 'pkcs8' },
  })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString(),
);

export interface SeedFailure {
  readonly invariant: Invariant;
  readonly message: string;
  /** The newest events before it. */
  readonly events: readonly string[];
}

export interface SeedResult {
  readonly seed: number;
  /** What the seed drew, in words. */
  readonly scenario: string;
  readonly failure: SeedFailure | null;
  readonly counts: Counts;
  /** Hash over all events: the history. */
  readonly history: string;
  readonly events: number;
  readonly entries: number;
  readonly virtual_ms: number;
}

/** Lines of the trace that a failure shows. */
const EVENTS_SHOWN = 60;

/** The run of a seed. `onEvent` gets each event as it happens. */
export function runSeed(seed: number, onEvent: ((line: string) => void) | null = null): Promise<SeedResult> {
  return runScenario(scenarioOf(seed, new Chance(`scenario ${seed}`)), onEvent);
}

/** One run: the whole line under the terms of a scenario, with faults drawn from its seed. */
export async function runScenario(
  scenario: Scenario,
  onEvent: ((line: string) => void) | null = null,
): Promise<SeedResult> {
  const inputs = await rawInputs(scenario.market, scenario.days, bookOf(scenario.terms));
  const run = new SeedRun(scenario, inputs, onEvent);
  const restore = forbidRealTime((what) => run.fail(new Violation('real', what)));
  try {
    return await run.toTheEnd();
  } finally {
    restore();
  }
}

class SeedRun {
  readonly #scenario: Scenario;
  readonly #inputs: readonly Entry[];
  readonly #prefix: number;
  readonly #time = new VirtualTime();
  readonly #coverage = new Coverage();
  readonly #ledger = new Ledger();
  readonly #volume = memoryAuditFiles();
  readonly #trace: Trace;
  readonly #observer: Observer;
  readonly #server: SimServer;
  readonly #cluster: Cluster;
  readonly #mishaps: Mishaps;
  readonly #plan;
  #clientEnded = false;
  #violation: Violation | null = null;

  constructor(scenario: Scenario, inputs: readonly Entry[], onEvent: ((line: string) => void) | null) {
    const chance = (what: string): Chance => new Chance(`${what} ${scenario.seed}`);
    const fail = (violation: Violation): void => this.fail(violation);
    this.#scenario = scenario;
    this.#inputs = inputs;
    this.#prefix = inputs.findIndex(({ kind }) => kind === EntryKind.BAR);
    this.#trace = new Trace(onEvent);
    this.#plan = { actionsLeft: scenario.clientActions, nextId: 0, signals: [] };
    const lastInputId = present(inputs.at(-1), 'a last input').id;
    const { softLossUsd, killLossUsd } = scenario.terms;
    const limits = { softLossCents: softLossUsd * CENTS_PER_USD, killLossCents: killLossUsd * CENTS_PER_USD };
    const raw = new Set(inputs.map(({ id }) => id));
    this.#observer = new Observer({
      coverage: this.#coverage,
      nowMs: () => this.#time.now_ms,
      fail,
      raw,
      ...limits,
    });
    const faults = new Faults(chance('faults'), this.#coverage, scenario.faulty);
    this.#server = new SimServer({
      ...{
        time: this.#time,
        chance: chance('network'),
        faults,
        trace: this.#trace,
        coverage: this.#coverage,
      },
      ...{ watcher: this.#observer, leaseTtlMs: LEASE_TTL_MS },
    });
    const roles = rolesOf({
      ...{
        scenario,
        chance: chance('programs'),
        inputs,
        prefix: this.#prefix,
        plan: this.#plan,
        lastInputId,
      },
      sender: ({ bus, process }) => ({ bus, process, ledger: this.#ledger, coverage: this.#coverage }),
      ...{ auditKey: AUDIT_KEY, coverage: this.#coverage, clock: this.#clock() },
      onHead: ({ seq }) => {
        this.#observer.auditedSeq = seq;
      },
      onClientEnd: () => {
        this.#clientEnded = true;
      },
    });
    const shared = { server: this.#server, coverage: this.#coverage, volume: this.#volume };
    this.#cluster = new Cluster({ ...shared, chance: chance('processes'), fail }, roles, scenario.doubled);
    this.#mishaps = new Mishaps({
      ...{ ...shared, cluster: this.#cluster, observer: this.#observer, chance: chance('mishaps') },
    });
    this.#trace.add(0, 'seed', `${describe(scenario)}; faults: ${faults.describe()}`);
  }

  #clock(): SimClock {
    const time = this.#time;
    return {
      bookUs: () => this.#observer.bookUs,
      nowUs: () => Math.round(time.now_ms * US_PER_MS),
      elapsedMs: () => time.now_ms,
    };
  }

  /** The first thing that went wrong counts: what follows may follow from it. */
  fail(violation: Violation): void {
    if (this.#violation !== null) return;
    this.#violation = violation;
    this.#trace.add(this.#time.now_ms, 'violation', violation.message);
  }

  async toTheEnd(): Promise<SeedResult> {
    try {
      await this.#work();
      if (this.#violation === null) await this.#check();
    } catch (cause) {
      if (!(cause instanceof Violation)) throw cause;
      this.fail(cause);
    }
    return this.#result();
  }

  /** What must hold once everything has settled. */
  async #check(): Promise<void> {
    const observer = this.#observer;
    const broker = checkJournal(observer, this.#inputs, this.#ledger);
    const states = await recompute(observer, this.#prefix, this.#prefixName());
    this.#countLearning(states);
    checkReservations(broker, present(observer.decisions.at(-1), 'a decision').frame, states);
    checkGate(observer);
    await checkAudit(observer, this.#volume, AUDIT_KEY, this.#scenario.seed);
  }

  #countLearning(states: readonly unknown[]): void {
    const place = ASKING_LINE.findIndex(({ name }) => name === 'bandit');
    const { neural } = states[place] as BanditStageState;
    if ((neural?.trunk?.rewards ?? 0) > 0) this.#coverage.count('trunk_learned');
    if (neural?.trunk?.sha256 === SECOND_TRUNK) this.#coverage.count('trunk_replaced');
  }

  async #work(): Promise<void> {
    this.#cluster.start();
    this.#mishaps.begin();
    const failed = (): boolean => this.#violation !== null;
    const worked = await this.#time.run(() => failed() || this.#isFarEnough(), WORK_MAX_MS);
    if (failed()) return;
    if (worked !== 'over') this.#stuck(worked, this.#whatIsMissing());
    this.#trace.add(this.#time.now_ms, 'faults', 'end');
    this.#server.faults.end();
    this.#mishaps.end();
    const settled = await this.#time.run(
      () => failed() || this.#isSettled(),
      this.#time.now_ms + SETTLE_MAX_MS,
    );
    if (failed() || settled === 'over') return;
    const missing = this.#whatIsMissing();
    // Without leases to renew nothing happens any more once everything is decided.
    if (settled === 'late' || missing !== '') this.#stuck(settled, missing);
  }

  #stuck(end: RunEnd, what: string): void {
    const why = end === 'idle' ? 'nothing is under way any more' : 'its time is over';
    throw new Violation('settles', `${what}, and ${why}`);
  }

  /** The share of the inputs up to which things go wrong is decided. */
  #isFarEnough(): boolean {
    return this.#observer.inputsDecided >= this.#scenario.faultsUntil * this.#inputs.length;
  }

  #isSettled(): boolean {
    const quiet = this.#time.now_ms - this.#observer.storedAt_ms >= QUIET_MS;
    return quiet && this.#whatIsMissing() === '';
  }

  #whatIsMissing(): string {
    const { journal, inputs, decisions } = this.#observer;
    if (inputs.length < this.#inputs.length)
      return `${inputs.length} of ${this.#inputs.length} inputs came in`;
    const waiting = this.#observer.waitingInput;
    if (waiting !== null) return `the input ${waiting} is not in the journal`;
    if (!this.#clientEnded) return 'the client is not done';
    const audited = this.#observer.auditedSeq;
    if (decisions.length > audited) return `${audited} of ${decisions.length} decisions are audited`;
    if (decisions.length < journal.length)
      return `${decisions.length} of ${journal.length} entries are decided`;
    return '';
  }

  #prefixName(): string {
    const { market, days, terms } = this.#scenario;
    return `${market} ${days} ${terms.softLossUsd} ${terms.killLossUsd} ${terms.execution} ${terms.learned}`;
  }

  #result(): SeedResult {
    const violation = this.#violation;
    return {
      seed: this.#scenario.seed,
      scenario: describe(this.#scenario),
      failure:
        violation === null
          ? null
          : {
              invariant: violation.invariant,
              message: violation.message,
              events: this.#trace.last(EVENTS_SHOWN),
            },
      counts: this.#coverage.counts,
      history: this.#trace.hex(),
      events: this.#trace.count,
      entries: this.#observer.journal.length,
      virtual_ms: this.#time.now_ms,
    };
  }
}
