// Goal: a writer that is killed at any moment leaves no half model and no half registry.
// Method: a process that keeps model after model gets SIGKILL the moment it says that it begins the next one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { folderStore } from './folder-store.js';
import { ModelRegistry } from './registry.js';
import { slotNamed } from './registry-state.js';

const WRITER = path.join(import.meta.dirname, 'keep-for-tests.js');
const KILLED_AT = [2, 5];

async function killedAt(folder: string, first: number, last: number): Promise<void> {
  const child = spawn(process.execPath, [WRITER, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number(line) >= last) break;
  }
  child.kill('SIGKILL');
  await closed;
}

describe('a writer of the registry that is killed', () => {
  it('leaves models that are whole, and a registry that names no other', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-killed-'));
    const registry = new ModelRegistry(folderStore(folder), { keys: [], unsigned: true });
    let first = 1;
    for (const last of KILLED_AT) {
      await killedAt(folder, first, last);
      // A lock of the killed one would be waited out; that is not what is shown here.
      await rm(path.join(folder, '.registry.lock'), { force: true });
      const slot = path.join(folder, 'regime_classifier');
      const kept = (await readdir(slot).catch(() => [])).filter((name) => !name.startsWith('.'));
      for (const version of kept) await registry.verified('regime_classifier', version);
      const known = slotNamed(await registry.state(), 'regime_classifier')?.versions ?? [];
      expect(kept).toEqual(expect.arrayContaining(known.map(({ version }) => version)));
      // It says a number when all before it are kept.
      expect(known.length).toBeGreaterThanOrEqual(last - first);
      first = Math.max(0, ...kept.map(Number)) + 1;
    }
    await rm(folder, { recursive: true });
  }, 60_000);
});
