import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { sampleBars } from '@bellwether/testkit';

/**
 * The proof of docker-compose.yml (prove.sh builds what it needs). It starts the stack under a project name and ports of its
 * own, lets A (drive.ts) drive a day over HTTP while B (follow.ts) follows the decisions, and meanwhile kills every service,
 * nats too, one after the other. Then C (recompute.ts) compares, and
 * `bw audit verify` checks the log. Ends with 1 where anything is lost, doubled, different or not audited.
 */

const root = path.resolve(import.meta.dirname, '../../..');
const PROJECT = 'bellwether-proof';
const BOOK = 'sample';
const HTTP_PORT = '17080';
const NATS_PORT = '14222';
const GATEWAY = `http://127.0.0.1:${HTTP_PORT}`;
const NATS_URL = `nats://127.0.0.1:${NATS_PORT}`;
/** 17:00 Chicago before the sample's last trade date. */
const DAY_FROM_US = Date.UTC(2025, 3, 10, 22) * 1_000;
/** 16:00 Chicago before it: the last clock entry of what ingestion feeds (feed/). */
const FED_UNTIL = '2025-04-10T21:00:00';
const FED_WITHIN_MS = 240_000;
const ONE_SHOT = 'volumes';
const BACK_WITHIN_MS = 180_000;
const COMPARE_WITHIN_MS = 180_000;

const environment = {
  ...process.env,
  BELLWETHER_BOOK: BOOK,
  BELLWETHER_FEED: './test/compose/feed',
  BELLWETHER_HTTP_PORT: HTTP_PORT,
  BELLWETHER_NATS_PORT: NATS_PORT,
};
const files = ['docker-compose.yml', 'test/compose/compose.proof.yml'].flatMap((file) => ['-f', file]);
const folder = mkdtempSync(path.join(tmpdir(), 'bw-proof-'));
const ledgerOf = (program: string): string => path.join(folder, `${program}.jsonl`);

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a command and gives what it printed; throws with its output where it fails. */
function run(args: readonly string[], mayFail = false): string {
  const [command = '', ...rest] = args;
  const result = spawnSync(command, rest, { cwd: root, env: environment, encoding: 'utf8' });
  if (result.status === 0 || mayFail) return result.stdout.trim();
  throw new Error(`${args.join(' ')}: exit code ${String(result.status)}\n${result.stdout}${result.stderr}`);
}

const compose = (...args: string[]): string => run(['docker', 'compose', '-p', PROJECT, ...files, ...args]);
const idOf = (service: string): string => compose('ps', '-a', '-q', service);
const inspect = (service: string, format: string): string =>
  run(['docker', 'inspect', '-f', format, idOf(service)]);

/** One of our programs, with its lines. */
class Program {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private readonly received: string[] = [];
  private ended: number | null = null;

  constructor(name: string, args: readonly string[]) {
    const program = path.join(root, 'test/dist/compose', `${name}.js`);
    this.child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.child.stdout === null) throw new Error(`${name} has no output`);
    this.lines = createInterface({ input: this.child.stdout });
    this.lines.on('line', (line) => this.received.push(line));
    this.child.once('exit', (code) => {
      this.ended = code ?? 1;
    });
  }

  tell(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  async hears(line: string): Promise<void> {
    while (!this.received.includes(line)) {
      if (this.ended !== null) throw new Error(`It ended (${this.ended}) before it said: ${line}`);
      await delay(20);
    }
  }

  /** Ends its input and gives its last line. */
  async finish(withinMs = COMPARE_WITHIN_MS): Promise<{ code: number; result: string }> {
    const until = Date.now() + withinMs;
    this.child.stdin?.end();
    while (this.ended === null) {
      if (Date.now() > until) throw new Error(`It did not end within ${withinMs} ms`);
      await delay(20);
    }
    for (const line of this.received.filter((text) => text.startsWith('PROBLEM'))) say(line);
    return {
      code: this.ended,
      result: this.received.filter((text) => text.startsWith('{')).at(-1) ?? '{}',
    };
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

/** Bars of the sample's last session, as rows of our CSV. */
function writeDay(file: string): number {
  const bars = [...sampleBars()].filter((bar) => bar.open_us >= DAY_FROM_US);
  const rows = bars.map((bar) => {
    const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => ticks / 4);
    return [new Date(bar.open_us / 1_000).toISOString(), ...prices, bar.volume].join(',');
  });
  writeFileSync(file, ['ts,open,high,low,close,volume', ...rows].join('\n'));
  return rows.length;
}

/** Ends the node process inside of a container by SIGKILL, as an out-of-memory kill would. */
function crash(service: string): void {
  const program = `services/${service}/dist/main.js`;
  const script = `for (const pid of require('fs').readdirSync('/proc').filter((name) => Number(name) > 1)) {
    try {
      const command = require('fs').readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0');
      if (command[1] === '${program}') process.kill(Number(pid), 'SIGKILL');
    } catch {}
  }`;
  // The container may be gone before this program has ended.
  run(['docker', 'compose', '-p', PROJECT, ...files, 'exec', '-T', service, 'node', '-e', script], true);
}

const restartsOf = (service: string): number => Number(inspect(service, '{{.RestartCount}}'));

async function untilHealthy(service: string): Promise<void> {
  const until = Date.now() + BACK_WITHIN_MS;
  while (inspect(service, '{{.State.Health.Status}}') !== 'healthy') {
    if (Date.now() > until) throw new Error(`${service} was not healthy within ${BACK_WITHIN_MS} ms`);
    await delay(250);
  }
}

/** Two ways to die: the process is killed and the restart policy brings it back; the container is killed and started. */
const DEATHS = {
  'its process, restart policy': async (service: string): Promise<void> => {
    const before = restartsOf(service);
    crash(service);
    const until = Date.now() + BACK_WITHIN_MS;
    while (restartsOf(service) === before) {
      if (Date.now() > until) throw new Error(`${service} was not started again`);
      await delay(100);
    }
    await untilHealthy(service);
  },
  'its container, compose up': async (service: string): Promise<void> => {
    compose('kill', '-s', 'KILL', service);
    compose('up', '-d', '--no-build', '--no-recreate', service);
    await untilHealthy(service);
  },
} as const;

type Death = keyof typeof DEATHS;

function planOf(services: readonly string[]): readonly { service: string; death: Death }[] {
  const ways = Object.keys(DEATHS) as Death[];
  return ways.flatMap((death) =>
    services
      // nats is the first process of its container: nothing inside of it may kill it.
      .filter((service) => service !== 'nats' || death === 'its container, compose up')
      .map((service) => ({ service, death })),
  );
}

/** Every container runs as uid 1000, cannot write to its root, and has a limit of memory. */
function checkHardening(services: readonly string[]): void {
  for (const service of services) {
    const uid = compose('exec', '-T', service, 'id', '-u');
    const wrote = compose(
      ...['exec', '-T', service, 'sh', '-c', 'touch /probe 2>/dev/null && echo yes || echo no'],
    );
    const limits = inspect(
      service,
      '{{.HostConfig.Memory}} {{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}}',
    );
    const [memory = '0', ...others] = limits.split(' ');
    if (uid !== '1000' || wrote !== 'no' || Number(memory) === 0 || others.join(' ') !== '[ALL] true')
      throw new Error(`${service}: uid ${uid}, wrote to its root: ${wrote}, ${limits}`);
  }
  say(`${services.length} containers: uid 1000, read-only root, no capabilities, a memory limit each`);
}

/** Status of a request that names a host. */
function statusFor(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${GATEWAY}/health`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

/** A page in a browser that was led to this address by its own name is refused. */
async function checkNames(): Promise<void> {
  const [own, foreign] = [await statusFor(`localhost:${HTTP_PORT}`), await statusFor('pages.example')];
  if (own !== 200 || foreign !== 400) throw new Error(`localhost: ${own}, another name: ${foreign}`);
  say('the gateway answers to localhost and refuses another name');
}

async function killEach(services: readonly string[], drive: Program, bars: number): Promise<void> {
  const plan = planOf(services);
  for (const [index, { service, death }] of plan.entries()) {
    const allowed = Math.ceil((bars * (index + 1)) / plan.length);
    const started = performance.now();
    // A works on while the service is away: that is the point.
    drive.tell(String(allowed));
    await DEATHS[death](service);
    const back = performance.now() - started;
    await drive.hears(`sent ${allowed}`);
    const seconds = (ms: number): string => (ms / 1_000).toFixed(1).padStart(5);
    say(
      `${String(index + 1).padStart(3)}/${plan.length} ${service.padEnd(10)} killed (${death}): healthy after ` +
        `${seconds(back)} s, bar ${allowed} answered after ${seconds(performance.now() - started)} s`,
    );
  }
}

/** Until ingestion's bars are decided: a question before them would be asked in the past. */
async function untilFed(): Promise<void> {
  const until = Date.now() + FED_WITHIN_MS;
  for (;;) {
    const stats = await fetch(`${GATEWAY}/v1/stats`).then(
      async (response) => (await response.json()) as { book_time?: string; seq?: number },
      () => null,
    );
    if ((stats?.book_time ?? '') >= FED_UNTIL) {
      say(`the sample is fed: ${stats?.seq} decisions`);
      return;
    }
    if (Date.now() > until) throw new Error(`Fed up to ${stats?.book_time} within ${FED_WITHIN_MS} ms`);
    await delay(500);
  }
}

/** The audit log, by the program that checks it, in the container that has it. */
function verifyAudit(): void {
  const folder = '/var/lib/bellwether/audit';
  const options = ['--folder', folder, '--book', BOOK, '--frames', '--nats', 'nats://nats:4222'];
  const key = ['--public-key', `${folder}-key/audit-key.pub.pem`];
  say(compose('exec', '-T', 'audit', 'bw', 'audit', 'verify', ...options, ...key));
}

async function prove(): Promise<boolean> {
  const services = compose('config', '--services')
    .split('\n')
    .filter((name) => name !== ONE_SHOT)
    .sort();
  compose('down', '-v', '--remove-orphans');
  let started = performance.now();
  compose('up', '-d', '--wait', '--no-build');
  say(`docker compose up -d --wait: ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  checkHardening(services);
  await checkNames();
  const dayFile = path.join(folder, 'day.csv');
  const bars = writeDay(dayFile);
  const follow = new Program('follow', [NATS_URL, BOOK, path.join(root, 'proto'), ledgerOf('follow')]);
  const drive = new Program('drive', [GATEWAY, dayFile, ledgerOf('drive')]);
  try {
    await follow.hears('following');
    await untilFed();
    started = performance.now();
    await killEach(services, drive, bars);
    const driven = await drive.finish();
    say(`A drove ${bars} bars in ${((performance.now() - started) / 1_000).toFixed(0)} s: ${driven.result}`);
    const followed = await follow.finish();
    say(`B followed: ${followed.result}`);
    const { digest } = JSON.parse(followed.result) as { digest: string };
    const ledgers = [ledgerOf('drive'), ledgerOf('follow'), digest];
    const compared = await new Program('recompute', [NATS_URL, BOOK, ...ledgers]).finish();
    say(`C compared: ${compared.result}`);
    verifyAudit();
    return [driven, followed, compared].every(({ code }) => code === 0);
  } finally {
    drive.stop();
    follow.stop();
  }
}

let proved = false;
try {
  proved = await prove();
} catch (cause) {
  say(cause instanceof Error ? cause.message : String(cause));
  say(run(['docker', 'compose', '-p', PROJECT, ...files, 'logs', '--tail', '20', '--no-color'], true));
}
if (process.env['KEEP'] !== '1') {
  compose('down', '-v', '--remove-orphans');
  rmSync(folder, { recursive: true, force: true });
}
say(
  proved ? 'PROVED: nothing lost, nothing doubled, all of it audited, every byte recomputed' : 'NOT PROVED',
);
process.exitCode = proved ? 0 : 1;
