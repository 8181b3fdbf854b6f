import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { BellwetherError } from '@bellwether/contracts';
import type { AuditClaim } from './audit-files.js';

/** Who holds the right to write. `token` tells two holds of one process apart. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When that process started, as its system counts; '' where it does not say. */
  readonly started: string;
  readonly token: string;
}

/** A claim of another machine that was not renewed for this long is dead. Of this machine we ask the process. */
const FOREIGN_CLAIM_MS = 10_000;
/** A claim is renewed at a check when it is older than this. */
const RENEW_MS = 2_000;

/** Tokens that this process holds: its own number in a claim file may also come from a life before. */
const held = new Set<string>();

/**
 * Takes a claim file. Throws `store_in_use` while its holder lives. The lease on the bus is what normally keeps two
 * owners apart; this file keeps apart those that the lease has lost: a process that stood still, a second service that
 * was started by hand.
 */
export async function claimFileOf(file: string, book: string): Promise<AuditClaim> {
  const own: Holder = {
    host: hostname(),
    pid: process.pid,
    started: await startOf('self'),
    token: randomUUID(),
  };
  const text = JSON.stringify(own);
  const partial = `${file}.${own.token}`;
  await writeFile(partial, text, { mode: 0o644 });
  try {
    while (!(await linked(partial, file))) {
      const holder = await readHolder(file);
      if (await isAlive(holder, file)) throw inUse(book, holder);
      await putAside(file, holder);
    }
  } finally {
    await rm(partial, { force: true });
  }
  held.add(own.token);
  return new FileClaim(file, book, own.token);
}

class FileClaim implements AuditClaim {
  #renewed_ms = Date.now();

  constructor(
    private readonly file: string,
    private readonly book: string,
    private readonly token: string,
  ) {}

  async check(): Promise<void> {
    const holder = await readHolder(this.file);
    if (holder?.token !== this.token || !held.has(this.token)) throw inUse(this.book, holder);
    const now_ms = Date.now();
    if (now_ms - this.#renewed_ms < RENEW_MS) return;
    await utimes(this.file, now_ms / 1_000, now_ms / 1_000);
    this.#renewed_ms = now_ms;
  }

  async release(): Promise<void> {
    if (!held.delete(this.token)) return;
    const holder = await readHolder(this.file);
    if (holder?.token === this.token) await rm(this.file, { force: true });
  }
}

function inUse(book: string, holder: Holder | null): BellwetherError {
  const who = holder === null ? 'nobody any more' : `process ${holder.pid} on ${holder.host}`;
  return new BellwetherError('store_in_use', `The audit log of book ${book} is written by ${who}`);
}

/** Gives the file its name unless that is taken: unlike a rename, a link never replaces. */
async function linked(partial: string, file: string): Promise<boolean> {
  try {
    await link(partial, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** Moves a dead claim out of the way. Where it was another's by then, that one gets its place back. */
async function putAside(file: string, dead: Holder | null): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  const moved = await readHolder(aside);
  if (moved !== null && moved.token !== dead?.token) await linked(aside, file);
  await rm(aside, { force: true });
}

async function readHolder(file: string): Promise<Holder | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { host, pid, started, token } = JSON.parse(text) as Partial<Holder>;
    const whole =
      typeof host === 'string' &&
      typeof pid === 'number' &&
      typeof started === 'string' &&
      typeof token === 'string';
    return whole ? { host, pid, started, token } : null;
  } catch {
    // Loss of power can leave a file without its bytes: nobody holds by that.
    return null;
  }
}

async function isAlive(holder: Holder | null, file: string): Promise<boolean> {
  if (holder === null) return false;
  if (holder.host !== hostname()) {
    const renewed_ms = (await stat(file).catch(() => null))?.mtimeMs ?? 0;
    return Date.now() - renewed_ms < FOREIGN_CLAIM_MS;
  }
  if (holder.pid === process.pid) return held.has(holder.token);
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // The number may have gone to another process since.
  return (await startOf(String(holder.pid))) === holder.started;
}

/** When a process started, in ticks since the start of the system (Linux); '' elsewhere. */
async function startOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name in brackets may hold anything; the 20th field behind it is the start.
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
