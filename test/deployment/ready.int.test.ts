import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../lint-source.js';

/** Goal: the health check of the containers tells ready from not ready. Method: the script against a server that answers as ours. */

let server: Server;
let port = '';
let missing = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const found = request.url === '/readyz' || request.url === '/health';
    response.writeHead(!found ? 404 : missing === '' ? 200 : 503).end(JSON.stringify({ reason: missing }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

function ready(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn('bash', [path.join(root, 'deploy/image/ready.sh'), ...args], {
    env: { PATH: process.env['PATH'], BW_HEALTH_PORT: port },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

describe('the health check', () => {
  it('passes when the page answers 200, also another page', async () => {
    missing = '';
    expect((await ready()).code).toBe(0);
    expect((await ready(port, '/health')).code).toBe(0);
  });

  it('fails when something is missing, and says what', async () => {
    missing = 'stopped: es';
    const { code, said } = await ready();
    expect(code).toBe(1);
    expect(said).toContain('stopped: es');
  });

  it('fails when there is no such page, and when nobody listens', async () => {
    missing = '';
    expect((await ready(port, '/nothing')).code).toBe(1);
    expect((await ready('1', '/readyz')).code).toBe(1);
  });
});
