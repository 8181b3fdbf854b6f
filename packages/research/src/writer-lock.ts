import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BellwetherError } from '@bellwether/contracts';

/** An append takes milliseconds: who waits longer than this waits for a process that hangs. */
const WAIT_MS_MAX = 10_000;
const POLL_MS = 10;

/**
 * Runs while no other process appends. Waits for its turn; a lock that a dead process left is taken over. Two that take the
 * same one over in the same instant would both write: each line is then still written whole, in one append.
 *
 * @throws BellwetherError `research_log_in_use`
 */
export async function whileWriting<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  for (let waited = 0; !(await taken(file)); waited += POLL_MS) {
    const holder = await readFile(file, 'utf8').catch(() => '');
    if (/^\d+$/.test(holder) && !isAlive(Number(holder))) await clearDead(file, holder);
    else if (waited >= WAIT_MS_MAX) {
      throw new BellwetherError('research_log_in_use', `${file} is held by process ${holder || 'unknown'}`);
    } else await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function taken(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  }
}

/** Moved away first: of several that find it, one moves it. */
async function clearDead(file: string, holder: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => null);
  const moved = await readFile(aside, 'utf8').catch(() => holder);
  await rm(aside, { force: true });
  // Somebody had taken it over meanwhile: it is theirs.
  if (moved !== holder) await writeFile(file, moved, { flag: 'wx' }).catch(() => null);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
