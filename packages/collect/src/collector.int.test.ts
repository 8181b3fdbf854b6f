import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Collector, backoffMs, retryAfterMs, type CollectorOptions } from './collector.js';
import { collectConfigOf } from './config.js';
import { StateFile } from './feed-state.js';
import { isPrivateAddress } from './private-address.js';

const START_MS = Date.parse('2025-09-15T14:00:00Z');
const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><title>Stocks plunge &amp; bonds rally\u001b[31m</title><guid>a-1</guid><pubDate>Mon, 15 Sep 2025 13:30:00 GMT</pubDate></item>
<item><title>No zone</title><guid>a-2</guid><pubDate>15 Sep 2025 13:31</pubDate></item>
</channel></rss>`;

let folder = '';
let server: http.Server;
let url = '';
let answer: http.RequestListener = () => undefined;
let requests: http.IncomingMessage[] = [];
let now_ms = START_MS;
let told: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bw-collect-'));
  requests = [];
  told = [];
  now_ms = START_MS;
  server = http.createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string): string => path.join(folder, name);
const lines = async (): Promise<string[]> =>
  (await readFile(file('out.jsonl'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

async function collector(more: Partial<CollectorOptions> = {}, kind = 'rss'): Promise<Collector> {
  const map = { id: 'id', published: 'at', headline: 'title' };
  const feed = {
    name: 'wire',
    url,
    kind,
    interval: '1m',
    ...(kind === 'rss' ? {} : { map, items: kind === 'json' ? 'data.list' : '' }),
  };
  const config = collectConfigOf(
    { state: file('state.json'), output: file('out.jsonl'), feeds: [feed] },
    'test',
  );
  return new Collector({
    ...{
      config,
      state: await StateFile.open(config.state),
      allowPrivate: true,
      nowMs: () => now_ms,
      random: () => 0,
    },
    ...{ wait: () => Promise.resolve(), send: null, tell: (line) => told.push(line) },
    ...{ signal: new AbortController().signal, timeoutMs: 2_000, ...more },
  });
}

describe('a collector', () => {
  it('takes what is new, asks conditionally, and takes nothing twice after a restart', async () => {
    answer = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end(RSS);
    };
    expect(await (await collector()).once()).toBe(0);
    expect((await lines()).map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({
        id: 'a-1',
        published: '2025-09-15T13:30:00.000Z',
        known: '2025-09-15T14:00:00.000Z',
      }),
    ]);
    expect(told.join()).toMatch(/1 new, 1 left out/);
    expect(await (await collector()).once()).toBe(0);
    expect(requests).toHaveLength(1);
    now_ms += 60_000;
    expect(await (await collector()).once()).toBe(0);
    expect(requests[1]?.headers).toMatchObject({ 'if-none-match': '"1"', 'user-agent': expect.any(String) });
    expect(await lines()).toHaveLength(1);
  });

  it('waits as long as the server asks after 429, and longer with each failure', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '600' }).end();
    const one = await collector();
    expect(await one.once()).toBe(1);
    now_ms += 599_000;
    expect(await one.once()).toBe(0);
    expect(requests).toHaveLength(1);
    now_ms += 1_000;
    answer = (_request, response) => response.writeHead(200).end(RSS);
    expect(await one.once()).toBe(0);
    expect(await lines()).toHaveLength(1);
    expect([1, 2, 3].map((n) => backoffMs(n, 1))).toEqual([30_000, 60_000, 120_000]);
    expect(backoffMs(50, 1)).toBe(21_600_000);
    expect(retryAfterMs('Mon, 15 Sep 2025 14:00:30 GMT', START_MS)).toBe(30_000);
  });

  const broken: readonly (readonly [string, http.RequestListener, RegExp])[] = [
    ['500', (_q, r) => r.writeHead(500).end(), /status 500/],
    ['no answer', () => undefined, /abort|timeout/i],
    ['a huge body', (_q, r) => r.writeHead(200).end('x'.repeat(50_000)), /longer than 10000/],
    ['garbage', (_q, r) => r.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x00, 0x80])), /./],
    [
      'another format',
      (_q, r) => r.writeHead(200).end('<html><body>hi</body></html>'),
      /neither RSS nor Atom/,
    ],
    [
      'entities',
      (_q, r) => r.writeHead(200).end('<!DOCTYPE a [<!ENTITY b "c">]><rss>&b;</rss>'),
      /document type/,
    ],
    ['a redirect loop', (_q, r) => r.writeHead(302, { location: '/feed' }).end(), /More than 3 redirects/],
    [
      'a redirect to a file',
      (_q, r) => r.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /not http/,
    ],
    ['a packed body', (_q, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end('x'), /packed/],
  ];
  it.each(broken)('meets %s with a message and a pause, and goes on', async (_name, listener, message) => {
    answer = listener;
    const one = await collector({ bytesMax: 10_000, timeoutMs: 500 });
    expect(await one.once()).toBe(1);
    expect(told.join('\n')).toMatch(message);
    expect(await lines()).toEqual([]);
    now_ms += 86_400_000;
    answer = (_request, response) => response.writeHead(200).end(RSS);
    expect(await one.once()).toBe(0);
    expect(await lines()).toHaveLength(1);
  });

  it('gives events again under their ids where sending failed, and mends a line that was cut short', async () => {
    answer = (_request, response) => response.writeHead(200).end(RSS);
    await writeFile(file('out.jsonl'), '{"kind":"news"}\n{"kind":"ne');
    expect(await (await collector({ send: () => Promise.reject(new Error('down')) })).once()).toBe(1);
    now_ms += 86_400_000;
    expect(await (await collector()).once()).toBe(0);
    expect((await lines()).map((line) => (JSON.parse(line) as { id?: string }).id)).toEqual([
      undefined,
      'a-1',
    ]);
  });

  it('reads JSON and CSV by their mapping', async () => {
    answer = (_request, response) =>
      response.end(
        JSON.stringify({
          data: { list: [{ id: 7, at: 1_757_943_000, title: 'Fed cuts rates' }, { at: 1 }] },
        }),
      );
    expect(await (await collector({}, 'json')).once()).toBe(0);
    answer = (_request, response) => response.end('id,at,title\n8,2025-09-15T13:00:00Z,"Stocks, again"\n');
    now_ms += 60_000;
    expect(await (await collector({}, 'csv')).once()).toBe(0);
    expect((await lines()).map((line) => (JSON.parse(line) as { headline: string }).headline)).toEqual([
      'Fed cuts rates',
      'Stocks, again',
    ]);
  });

  it('does not ask an address of this machine unless it is allowed', async () => {
    answer = (_request, response) => response.writeHead(200).end(RSS);
    expect(await (await collector({ allowPrivate: false })).once()).toBe(1);
    expect(requests).toHaveLength(0);
    for (const address of ['10.1.2.3', '::1', '::ffff:127.0.0.1', '169.254.169.254', 'fe80::1', 'name'])
      expect([address, isPrivateAddress(address)]).toEqual([address, true]);
    expect(isPrivateAddress('93.184.216.34')).toBe(false);
  });
});

describe('the configuration', () => {
  it('is refused with all problems at once', () => {
    const bad = { state: 's', feeds: [{ name: 'A B', url: 'file:///x', kind: 'rss', more: 1 }] };
    expect(() => collectConfigOf(bad, 'feeds.yaml')).toThrow(/feeds\.0\.name[^]*feeds\.0\.url[^]*more/);
  });
});
