import type { LeaseStore } from '@bellwether/bus';

export interface LeaseOptions {
  readonly leases: LeaseStore;
  readonly name: string;
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Renewals in the lifetime of a lease, so that two may fail before it is lost. */
const RENEWALS_PER_TTL = 3;

/**
 * Waits for the lease, then runs `work` under a signal that ends when the lease cannot be renewed. The lease saves
 * work (a standby does not compute); safety comes from the expected sequence of every append.
 */
export async function keepLease(
  options: LeaseOptions,
  onStandby: () => Promise<void>,
  work: (held: AbortSignal) => Promise<void>,
): Promise<void> {
  const { leases, name, owner, signal, pause } = options;
  const everyMs = Math.max(1, Math.floor(leases.ttlMs / RENEWALS_PER_TTL));
  let waited = false;
  while (!(await leases.acquire(name, owner))) {
    if (!waited) await onStandby();
    waited = true;
    await pause(everyMs, signal);
    if (signal.aborted) return;
  }
  const lost = new AbortController();
  const held = AbortSignal.any([signal, lost.signal]);
  const renewing = renew(options, everyMs, held, lost);
  try {
    await work(held);
  } finally {
    lost.abort();
    await renewing;
    // Where the bus is down the lease runs out by itself.
    await leases.release(name, owner).catch(() => undefined);
  }
}

async function renew(
  options: LeaseOptions,
  everyMs: number,
  held: AbortSignal,
  lost: AbortController,
): Promise<void> {
  const { leases, name, owner, pause } = options;
  // A renewal that gets no answer is tried again; the lease is lost when it says so, or when its time is over.
  let missed = 0;
  while (!held.aborted) {
    await pause(everyMs, held);
    if (held.aborted) return;
    const kept = await leases.acquire(name, owner).catch(() => null);
    missed = kept === null ? missed + 1 : 0;
    if (kept === false || missed >= RENEWALS_PER_TTL) lost.abort();
  }
}
