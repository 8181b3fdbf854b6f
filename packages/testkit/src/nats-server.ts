import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { assert } from '@bellwether/kernel';

/** Real servers for tests (toolchain.md section 1). Nothing here is used outside of tests and benches. */

const HOST = '127.0.0.1';
const READY_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;
const POLL_MS = 20;
/** Last part of the server's log, for error messages. */
const LOG_LENGTH_MAX = 4_000;
/** Debian puts the server where the PATH of a user may not look. */
const USUAL_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];

export interface NatsServerOptions {
  /** Folder of the JetStream store. Default: a temporary one, removed by `stop`. */
  readonly storeDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** More arguments of nats-server, for example `['-c', file]`. */
  readonly args?: readonly string[];
}

export interface NatsServer {
  readonly url: string;
  /** Of the process that runs now; another after `restart`. */
  readonly pid: number;
  /** Sends a signal and waits for its effect: the end of the process, or with SIGSTOP its standstill. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts the server again on the same port and store, after ending it where it runs. Resolves when it is ready. */
  restart(): Promise<void>;
  /** Ends the server and removes its temporary store. */
  stop(): Promise<void>;
}

/** Path of the binary: NATS_SERVER_BIN, else the first on PATH and in the usual folders; null where there is none. */
export function findNatsServer(): string | null {
  const named = process.env['NATS_SERVER_BIN'];
  if (named !== undefined && named !== '') return isExecutable(named) ? named : null;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const folder of [...folders, ...USUAL_FOLDERS]) {
    const candidate = path.join(folder, 'nats-server');
    if (isExecutable(candidate)) return candidate;
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No port'));
        else resolve(address.port);
      });
    });
  });
}

/** True when a server greets with JetStream on. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    let text = '';
    const end = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n')) end(/"jetstream":\s*true/.test(text));
    });
  });
}

/** True when every thread of the process stands still: the signal reaches them one after the other. */
function isStopped(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) {
    return spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.startsWith('T');
  }
  return readdirSync(threads).every((thread) => {
    const stat = readFileSync(path.join(threads, thread, 'stat'), 'utf8');
    // The name before the state is in brackets and may hold anything.
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'T';
  });
}

class Running implements NatsServer {
  readonly url: string;
  #child: ChildProcess | null = null;
  #log = '';
  readonly #onExit = (): void => {
    this.#child?.kill('SIGKILL');
  };

  constructor(
    private readonly binary: string,
    private readonly port: number,
    private readonly storeDir: string,
    private readonly temporary: boolean,
    private readonly args: readonly string[],
  ) {
    this.url = `nats://${HOST}:${port}`;
    process.on('exit', this.#onExit);
  }

  get pid(): number {
    const pid = this.#child?.pid;
    assert(pid !== undefined, 'The server does not run');
    return pid;
  }

  async start(): Promise<void> {
    const args = ['-js', '-sd', this.storeDir, '-a', HOST, '-p', String(this.port), ...this.args];
    const child = spawn(this.binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.once('error', (error) => {
      this.#log += String(error);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString('utf8')).slice(-LOG_LENGTH_MAX);
    });
    const until = performance.now() + READY_DEADLINE_MS;
    while (!(await greets(this.port))) {
      if (this.#child !== child || performance.now() > until) {
        throw new Error(`${this.binary} did not get ready on port ${this.port}:\n${this.#log}`);
      }
      await pause(POLL_MS);
    }
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    child.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT') await ended;
    if (signal !== 'SIGSTOP') return;
    const until = performance.now() + STOP_DEADLINE_MS;
    while (!isStopped(this.pid)) {
      if (performance.now() > until) throw new Error(`Process ${this.pid} does not stop`);
      await pause(POLL_MS);
    }
  }

  async restart(): Promise<void> {
    await this.kill('SIGKILL');
    await this.start();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    // A stopped process does not hear SIGTERM.
    child?.kill('SIGCONT');
    const ended = new AbortController();
    const tooLong = pause(STOP_DEADLINE_MS, undefined, { signal: ended.signal }).then(
      () => child?.kill('SIGKILL'),
      () => undefined,
    );
    await this.kill('SIGTERM');
    ended.abort();
    await tooLong;
    process.off('exit', this.#onExit);
    if (this.temporary) rmSync(this.storeDir, { recursive: true, force: true });
  }
}

/** Starts a server with JetStream as a child process and resolves when it is ready. Whoever starts it stops it. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const binary = findNatsServer();
  if (binary === null) throw new Error(NO_SERVER);
  const temporary = options.storeDir === undefined;
  const storeDir = options.storeDir ?? mkdtempSync(path.join(tmpdir(), 'bw-nats-'));
  const port = options.port ?? (await freePort());
  const server = new Running(binary, port, storeDir, temporary, options.args ?? []);
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

const NO_SERVER = 'No nats-server on PATH or in /usr/sbin, and NATS_SERVER_BIN names none';

/** What Jest puts into each test file. Importing it by name would tie the whole test kit to a run of Jest. */
interface TestGlobals {
  readonly describe: {
    (name: string, suite: () => void): void;
    skip(name: string, suite: () => void): void;
  };
  readonly test: (name: string, run: () => void) => void;
}

function testGlobals(): TestGlobals {
  const { describe, test } = globalThis as Partial<TestGlobals>;
  assert(describe !== undefined && test !== undefined, 'describeWithNats runs inside of Jest only');
  return { describe, test };
}

/**
 * A suite that needs a NATS server. Without one it is skipped, with a line on stderr that says so; under
 * BW_REQUIRE_NATS=1 it fails instead.
 */
export function describeWithNats(name: string, suite: () => void): void {
  const { describe, test } = testGlobals();
  if (findNatsServer() !== null) {
    describe(name, suite);
  } else if (process.env['BW_REQUIRE_NATS'] === '1') {
    describe(name, () => {
      test('needs a NATS server', () => {
        throw new Error(NO_SERVER);
      });
    });
  } else {
    process.stderr.write(`SKIPPED: ${name}: ${NO_SERVER}\n`);
    describe.skip(name, suite);
  }
}
