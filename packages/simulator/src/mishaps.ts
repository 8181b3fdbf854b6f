import type { Chance } from './chance.js';
import type { Cluster } from './cluster.js';
import type { Coverage } from './coverage.js';
import { BOOK } from './market.js';
import type { Observer } from './observer.js';
import type { SimProcess } from './sim-process.js';
import type { SimServer } from './sim-server.js';

/** How often something may befall the run. */
const EVERY_MS = 250;
const OUTAGE_MS = [200, 6_000] as const;
/** Up to three times as long as a lease lasts. */
const SLEEP_TTLS_MAX = 3;
const THIEF = 'somebody else';

export interface MishapOptions {
  readonly server: SimServer;
  readonly cluster: Cluster;
  readonly observer: Observer;
  readonly coverage: Coverage;
  readonly chance: Chance;
}

/** What befalls processes, leases and stores at moments of their own, until the faults end. */
export class Mishaps {
  readonly #sleeping = new Set<SimProcess>();

  constructor(private readonly options: MishapOptions) {}

  begin(): void {
    this.options.server.time.after(EVERY_MS, () => {
      if (!this.options.server.faults.active) return;
      this.#befall();
      this.begin();
    });
  }

  #befall(): void {
    const { server, cluster, observer, chance } = this.options;
    const { faults } = server;
    const running = cluster.running;
    const victim = running[chance.below(running.length)];
    if (victim === undefined) return;
    if (faults.draw('outage'))
      server.goOut(chance.between(...OUTAGE_MS), chance.happens(0.5) ? null : victim);
    if (faults.draw('frozen')) this.#freeze(victim);
    if (faults.draw('graceful')) {
      server.note(victim.name, 'is asked to end');
      victim.deliver(() => victim.stop());
    }
    if (faults.draw('audit_stopped')) this.#stopAudit();
    if (faults.draw('blackout')) this.#blackout();
    if (faults.draw('lease_lost')) void this.#stealLease();
    const blobs = [...observer.snapshots];
    const blob = blobs[chance.below(blobs.length)];
    if (blob !== undefined && faults.draw('bit_flip')) void server.flipBit(blob);
  }

  #blackout(): void {
    const { cluster, coverage, chance } = this.options;
    const power = chance.happens(0.6);
    if (power) coverage.count('power_loss');
    cluster.loseEverything(power);
  }

  #stopAudit(): void {
    for (const writer of this.options.cluster.auditWriters) if (!writer.frozen) this.#freeze(writer);
  }

  #freeze(victim: SimProcess): void {
    const { server, chance } = this.options;
    const ttl_ms = server.store.leases.ttlMs;
    const sleep_ms = chance.between(ttl_ms / 10, ttl_ms * SLEEP_TTLS_MAX);
    server.note(victim.name, `is frozen for ${sleep_ms.toFixed(0)} ms`);
    victim.freeze();
    this.#sleeping.add(victim);
    server.time.after(sleep_ms, () => this.#wake(victim, sleep_ms > ttl_ms));
  }

  #wake(victim: SimProcess, zombie: boolean): void {
    if (!this.#sleeping.delete(victim) || !victim.alive) return;
    this.options.server.note(victim.name, 'wakes');
    victim.thaw(zombie);
  }

  /** The lease of one service goes to nobody for as long as a lease lasts. */
  async #stealLease(): Promise<void> {
    const { server, cluster, chance } = this.options;
    const holders = cluster.leaseHolders;
    const holder = holders[chance.below(holders.length)];
    if (holder === undefined) return;
    const role = holder.name.split('/')[0] ?? '';
    const services = role === 'desk' ? ['line', 'execution'] : [role];
    for (const service of services) {
      await server.store.leases.release(`${service}/${BOOK}`, holder.name);
      await server.store.leases.acquire(`${service}/${BOOK}`, THIEF);
    }
    server.note(holder.name, 'loses its lease');
  }

  /** Everything that was only delayed goes on. */
  end(): void {
    this.options.server.comeBack();
    for (const victim of this.#sleeping) if (victim.alive) victim.thaw(false);
    this.#sleeping.clear();
  }
}
