import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWithNats, startNatsServer, type NatsServer } from '@bellwether/testkit';

const PROGRAM = path.join(path.dirname(fileURLToPath(import.meta.url)), 'main.js');
const DEADLINE_MS = 30_000;

/** A book that is fed with the past over HTTP: ingestion writes its release and has nothing more to do. */
describeWithNats('ingestion whose data are fed', () => {
  let server: NatsServer;
  let folder = '';
  let service: ChildProcess | null = null;
  let log = '';

  beforeAll(async () => {
    server = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), 'bw-after-feed-'));
    await writeFile(
      path.join(folder, 'book.yaml'),
      'book: fed\nsymbols: [{ symbol: ES }]\nknown_time: event\n',
    );
  });

  afterEach(() => {
    service?.kill('SIGKILL');
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  function start(settings: Readonly<Record<string, string>>): Promise<number | null> {
    log = '';
    const child = spawn(process.execPath, [PROGRAM], {
      env: {
        PATH: process.env['PATH'],
        BW_NATS_URL: server.url,
        BW_BOOK_FILE: path.join(folder, 'book.yaml'),
        ...settings,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (text: Buffer) => (log += text.toString()));
    service = child;
    return new Promise((resolve) => child.once('exit', resolve));
  }

  it('ends by default', async () => {
    expect(await start({})).toBe(0);
  });

  it('stays and is ready where it is told to, until it is asked to end', async () => {
    let code: number | null | undefined;
    const ended = start({ BW_AFTER_FEED: 'stay' }).then((value) => (code = value));
    const deadline = Date.now() + DEADLINE_MS;
    let ready = false;
    while (!ready && code === undefined && Date.now() < deadline) {
      const port = /"healthPort":(\d+)/.exec(log)?.[1];
      ready =
        port !== undefined &&
        (await fetch(`http://127.0.0.1:${port}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ));
      await delay(20);
    }
    expect([ready, code]).toEqual([true, undefined]);
    // A second connection to the same book has time to be made and ended: the first one would have ended by then.
    const second = spawn(process.execPath, [PROGRAM], {
      env: {
        PATH: process.env['PATH'],
        BW_NATS_URL: server.url,
        BW_BOOK_FILE: path.join(folder, 'book.yaml'),
      },
      stdio: 'ignore',
    });
    await new Promise((resolve) => second.once('exit', resolve));
    expect(code).toBeUndefined();
    service?.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
