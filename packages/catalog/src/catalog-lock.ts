import fs from 'node:fs/promises';
import path from 'node:path';
import { BellwetherError } from '@bellwether/contracts';

const ATTEMPTS_MAX = 5;

/** Id of the process that holds the lock, or null where the file is gone or torn. */
async function holderOf(file: string): Promise<number | null> {
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs while no other process writes to the folder. A lock that a dead process has left is taken over. Readers need none:
 * what they see is moved into place whole.
 *
 * @throws BellwetherError `catalog_in_use`
 */
export async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      await fs.writeFile(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
      const holder = await holderOf(file);
      if (attempt === ATTEMPTS_MAX || (holder !== null && isAlive(holder))) {
        throw new BellwetherError('catalog_in_use', `${file} is held by process ${String(holder)}`);
      }
      // Another process may have taken it over meanwhile.
      if ((await holderOf(file)) === holder) await fs.rm(file, { force: true });
    }
  }
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}
