import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryBus, openBus, type Bus } from '@bellwether/bus';
import { EntryKindName, encodeEntry, subjects, type Entry } from '@bellwether/contracts';
import { BookHost, createLogger, noMetrics, noModels, pause } from '@bellwether/host';
import { LINE, stageVersions } from '@bellwether/line';
import { A_BOOK, aBarEntry, aBookConfig, aReleaseEntry, atMinute, sampleBars } from '@bellwether/testkit';
import {
  DockerComposeEnvironment,
  Wait,
  type StartedDockerComposeEnvironment,
  type StartedTestContainer,
} from 'testcontainers';
import { root } from '../lint-source.js';

/**
 * Goal: the image runs a stage as docker-compose.yml says, and computes the very bytes that the stage computes in this process.
 * Method: testcontainers starts nats and one stage from docker-compose.yml. Needs a Docker engine with Compose v2 and the image:
 * `npm run test:containers`, where their absence is a failure; elsewhere it is skipped with a line that says so.
 */

const IMAGE = process.env['BELLWETHER_IMAGE'] ?? 'bellwether:local';
const NATS_IMAGE = 'nats:2.15-alpine';
const START_MS = 120_000;
const ENTRIES = 400;
const [stage] = LINE;

/** What is missing to run containers; '' for nothing. */
function missing(): string {
  const docker = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8' });
  if (docker('compose', 'version').status !== 0) return 'no docker with Compose v2';
  if (docker('info').status !== 0) return 'no Docker engine answers (DOCKER_HOST)';
  const absent = [IMAGE, NATS_IMAGE].find((image) => docker('image', 'inspect', image).status !== 0);
  return absent === undefined ? '' : `there is no image ${absent}; docker build -t ${IMAGE} . makes ours`;
}

const lacking = missing();
const required = process.env['BELLWETHER_REQUIRE_DOCKER'] === '1';
if (lacking !== '' && !required) process.stderr.write(`SKIPPED: containers: ${lacking}\n`);
const withDocker = lacking === '' || required ? describe : describe.skip;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A release and bars with the prices of the sample. */
function journal(): readonly Entry[] {
  const bars = [...sampleBars()].slice(0, ENTRIES).map((bar, minute) => {
    const { open_ticks, high_ticks, low_ticks, close_ticks, volume } = bar;
    return aBarEntry({ open_us: atMinute(minute), open_ticks, high_ticks, low_ticks, close_ticks, volume });
  });
  return [aReleaseEntry(aBookConfig(), { stages: stageVersions() }), ...bars];
}

async function append(bus: Bus, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    const subject = subjects.journal(entry.book, EntryKindName[entry.kind], entry.id);
    await bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0, durable: false });
  }
}

/** The first `count` frames of the stage, as they are stored. */
async function framesOf(bus: Bus, count: number): Promise<string[]> {
  const frames: string[] = [];
  for await (const { data } of bus.read(subjects.line('features', A_BOOK), { from: 1, follow: true })) {
    frames.push(Buffer.from(data).toString('hex'));
    if (frames.length === count) break;
  }
  return frames;
}

async function framesInProcess(entries: readonly Entry[]): Promise<string[]> {
  if (stage === undefined) throw new Error('The line has no stage');
  const bus = new MemoryBus();
  await append(bus, entries);
  const stop = new AbortController();
  const running = new BookHost({
    ...{
      bus,
      book: A_BOOK,
      service: stage.name,
      stages: [stage],
      infer: noModels,
      owner: 'test',
      lease: false,
    },
    ...{ snapshotEveryFrames: 1_000, log: createLogger('test', 'error'), metrics: noMetrics, pause },
  }).run(stop.signal);
  const frames = await framesOf(bus, entries.length);
  stop.abort();
  await running;
  await bus.close();
  return frames;
}

withDocker('a stage from docker-compose.yml', () => {
  let environment: StartedDockerComposeEnvironment;
  let container: StartedTestContainer;
  let bus: Bus;

  beforeAll(async () => {
    if (lacking !== '') throw new Error(lacking);
    const port = await freePort();
    environment = await new DockerComposeEnvironment(root, 'docker-compose.yml')
      .withEnvironment({
        BELLWETHER_IMAGE: IMAGE,
        BELLWETHER_NATS_PORT: String(port),
        BELLWETHER_BOOK: A_BOOK,
      })
      .withDefaultWaitStrategy(Wait.forHealthCheck())
      .withWaitStrategy('volumes-1', Wait.forOneShotStartup())
      .up(['nats', 'features']);
    container = environment.getContainer('features-1');
    bus = await openBus({ kind: 'nats', name: 'containers', servers: [`nats://127.0.0.1:${port}`] });
  }, START_MS);

  afterAll(async () => {
    await bus?.close();
    await environment?.down({ removeVolumes: true });
  }, START_MS);

  const says = async (...command: string[]): Promise<string> => (await container.exec(command)).output.trim();

  it('computes the bytes of the stage in this process, also when it is started again halfway', async () => {
    const entries = journal();
    const half = Math.floor(entries.length / 2);
    await append(bus, entries.slice(0, half));
    // By the engine: testcontainers takes the last health of the old run for that of the new one.
    spawnSync('docker', ['restart', '--time', '0', container.getId()]);
    await append(bus, entries.slice(half));
    expect(await framesOf(bus, entries.length)).toEqual(await framesInProcess(entries));
  });

  it('is not root, and cannot write to the image', async () => {
    expect(await says('id', '-u')).toBe('1000');
    const write = await container.exec(['touch', '/app/probe']);
    expect(write.exitCode).not.toBe(0);
    expect(write.output).toMatch(/Read-only file system/);
    expect((await container.exec(['touch', '/tmp/probe'])).exitCode).toBe(0);
    expect((await container.exec(['touch', '/var/lib/bellwether/audit/probe'])).exitCode).not.toBe(0);
  });

  it('holds nothing to build, install or test with', async () => {
    const tools = [
      'npm',
      'npx',
      'pnpm',
      'yarn',
      'corepack',
      'tsc',
      'jest',
      'eslint',
      'gcc',
      'python3',
      'git',
    ];
    for (const tool of tools) expect(await says('sh', '-c', `command -v ${tool} || echo none`)).toBe('none');
    const packages = await says('ls', '/app/node_modules/.pnpm');
    expect(packages).toContain('fastify@');
    for (const name of ['typescript@', 'jest@', 'eslint@', 'prettier@', 'testcontainers@', '@bufbuild'])
      expect(packages).not.toContain(name);
    const tests = await says('sh', '-c', 'find /app -name "*.test.js" -path "*/dist/*" | head');
    expect(tests).toBe('');
    expect(await says('sh', '-c', 'ls /app/packages/kernel')).toBe('dist\nnode_modules\npackage.json');
  });

  it('has the bw command', async () => {
    expect(await says('bw', '--help')).toContain('Usage: bw');
  });
});
