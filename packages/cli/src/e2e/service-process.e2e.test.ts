import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithNats, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { serviceProgram } from '../replay/fleet.js';
import { SERVICES } from '../replay/services.js';
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
