import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Bus } from '@bellwether/bus';
import { BellwetherError } from '@bellwether/contracts';

/** File in the store's folder that names the process that runs a book on it. */
const CLAIM = 'desk.json';

interface Claim {
  readonly host: string;
  readonly pid: number;
}

const ownerOf = ({ host, pid }: Claim): string => `${host}-${pid}`;

/** The one process that runs a book on an embedded store, and what a dead one before it has left. */
export interface StoreClaim {
  readonly owner: string;
  /** Frees the leases of a process that died, so that nobody waits for them to run out. */
  freeLeases(bus: Bus, names: readonly string[]): Promise<void>;
  release(): Promise<void>;
}

/** Throws `store_in_use` while another process of this machine holds the store. */
export async function claimStore(folder: string): Promise<StoreClaim> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, CLAIM);
  const before = await readClaim(file);
  if (before !== null && before.pid !== process.pid && isAlive(before)) {
    throw new BellwetherError('store_in_use', `${folder} is used by process ${before.pid}`);
  }
  const own: Claim = { host: hostname(), pid: process.pid };
  await writeFile(file, JSON.stringify(own));
  return {
    owner: ownerOf(own),
    freeLeases: async (bus, names) => {
      if (before === null || before.host !== own.host) return;
      for (const name of names) await bus.leases.release(name, ownerOf(before));
    },
    release: () => rm(file, { force: true }),
  };
}

async function readClaim(file: string): Promise<Claim | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { host, pid } = JSON.parse(text) as Partial<Claim>;
    return typeof host === 'string' && typeof pid === 'number' ? { host, pid } : null;
  } catch {
    // A torn claim is none: the leases and the sequence check keep two writers apart.
    return null;
  }
}

/** Of another machine nothing is known: its lease decides. */
function isAlive({ host, pid }: Claim): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
