import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithNats, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { serviceProgram } from '../replay/fleet.js';
import { WORKSPACE } from '../workspace.js';
import { DECIDING_SERVICES, SERVICES } from '../replay/services.js';
import { freePort } from './free-port.js';

const DEADLINE_MS = 30_000;

describe('a service with wrong settings', () => {
  it.each(SERVICES)('%s exits with 2 and names every problem', (service) => {
    const env = { PATH: process.env['PATH'], BW_LEASE: 'maybe', BW_BOKS: 'es', BW_HEALTH_PORT: '-1' };
    const result = spawnSync(process.execPath, [serviceProgram(service)], { env, encoding: 'utf8' });
    expect(result.status).toBe(2);
    for (const name of ['BW_LEASE', 'BW_BOKS', 'BW_HEALTH_PORT']) expect(result.stderr).toContain(name);
  });
});

describeWithNats('a stage service', () => {
  let server: NatsServer;
  let service: ChildProcess;
  let log = '';
  let url = '';

  beforeAll(async () => {
    server = await startNatsServer();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    service = spawn(process.execPath, [serviceProgram('risk')], {
      env: {
        PATH: process.env['PATH'],
        BW_NATS_URL: server.url,
        BW_BOOKS: 'es',
        BW_HEALTH_PORT: String(port),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    service.stderr?.on('data', (text: Buffer) => (log += text.toString()));
  });

  afterAll(async () => {
    service.kill('SIGKILL');
    await server.stop();
  });

  const status = (route: string): Promise<number> =>
    fetch(url + route).then(
      (response) => response.status,
      () => 0,
    );

  it('becomes ready, says that it is alive, and shows what it counts', async () => {
    const deadline = Date.now() + DEADLINE_MS;
    while ((await status('/readyz')) !== 200) {
      if (Date.now() > deadline) throw new Error(`Not ready. Log:\n${log}`);
      await delay(50);
    }
    expect(await status('/healthz')).toBe(200);
    expect(await status('/nothing')).toBe(404);
    const metrics = await fetch(`${url}/metrics`).then((response) => response.text());
    expect(metrics).toContain('bw_book_state{service="risk",book="es"}');
    expect(metrics).toContain('process_cpu_seconds_total');
  });

  it('drains and exits with 0 on SIGTERM', async () => {
    const ended = new Promise((resolve) => service.once('exit', resolve));
    service.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(log).toContain('"msg":"ended"');
  });
});

describeWithNats('bw replay over NATS that is interrupted', () => {
  it('ends every process that it has started', async () => {
    const bw = path.join(WORKSPACE, 'packages/cli/bin/bw.mjs');
    const out = await mkdtemp(path.join(tmpdir(), 'bw-interrupted-'));
    const args = [bw, 'replay', '--from', '2025-04-11', '--transport', 'nats', '--out', out];
    const run = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    run.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise((resolve) => run.once('exit', resolve));
    const deadline = Date.now() + DEADLINE_MS;
    // The first line of progress, whatever its share: all services are deciding then.
    while (!/\(\d+ %\)/.test(said) && Date.now() < deadline) await delay(50);
    const children = childrenOf(run.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(DECIDING_SERVICES.length);
    run.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(children.filter(isAlive)).toEqual([]);
    await rm(out, { recursive: true });
  }, 120_000);
});

function childrenOf(pid: number): readonly number[] {
  const table = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent = 0]) => (parent === pid ? [child] : []));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
