import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimFileOf } from './writer-claim.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bw-claim-'));
  file = path.join(folder, 'writer.lock');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that takes the claim and holds it. */
async function otherHolder(): Promise<ChildProcess> {
  const module = new URL('./writer-claim.js', import.meta.url).href;
  const script = `import(${JSON.stringify(module)})
    .then(({ claimFileOf }) => claimFileOf(${JSON.stringify(file)}, 'es'))
    .then(() => { process.stdout.write('held'); setInterval(() => undefined, 1000); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

describe('The claim of a log', () => {
  it('is held by one process, also one that stands still, and free once it is dead', async () => {
    const child = await otherHolder();
    child.kill('SIGSTOP');
    await expect(claimFileOf(file, 'es')).rejects.toThrow(`process ${child.pid}`);
    await end(child);
    const claim = await claimFileOf(file, 'es');
    await claim.check();
    await claim.release();
  });

  it('is held once within a process', async () => {
    const claim = await claimFileOf(file, 'es');
    await expect(claimFileOf(file, 'es')).rejects.toThrow('store_in_use');
    await claim.release();
    await (await claimFileOf(file, 'es')).release();
  });

  it('is free where its number belongs to a life before, or the file is torn', async () => {
    writeFileSync(file, '');
    await (await claimFileOf(file, 'es')).release();
    const claim = await claimFileOf(file, 'es');
    const holder = JSON.parse(readFileSync(file, 'utf8')) as object;
    await claim.release();
    // The same process number and start, but a token that this process does not hold.
    writeFileSync(file, JSON.stringify({ ...holder, token: 'from before' }));
    await (await claimFileOf(file, 'es')).release();
    // The number of another process that lives, but started at another time.
    writeFileSync(file, JSON.stringify({ ...holder, pid: 1, started: '1', token: 'from before' }));
    await (await claimFileOf(file, 'es')).release();
  });

  it('of another machine is free once it was not renewed for ten seconds', async () => {
    const foreign = { host: 'another', pid: 1, started: '1', token: 'theirs' };
    writeFileSync(file, JSON.stringify(foreign));
    await expect(claimFileOf(file, 'es')).rejects.toThrow('process 1 on another');
    const past = Date.now() / 1_000 - 11;
    utimesSync(file, past, past);
    await (await claimFileOf(file, 'es')).release();
  });

  it('that somebody else took is noticed before the next write, and left to them', async () => {
    const claim = await claimFileOf(file, 'es');
    const theirs = JSON.stringify({ host: 'another', pid: 1, started: '1', token: 'theirs' });
    writeFileSync(file, theirs);
    await expect(claim.check()).rejects.toThrow('store_in_use');
    await claim.release();
    expect(readFileSync(file, 'utf8')).toBe(theirs);
  });
});
