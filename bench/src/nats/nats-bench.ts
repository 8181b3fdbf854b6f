import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { openBus } from '@bellwether/bus';
import { DECIDING_SERVICES, ServiceFleet } from '@bellwether/cli';
import { STAGES } from '@bellwether/contracts';
import { findNatsServer, startNatsServer } from '@bellwether/testkit';
import { NotMeasured, check, type BenchReport, type Progress, type Scale } from '../bench.js';
import { SYMBOL, syntheticCase, type BenchCase } from '../cases.js';
import { percentile, table, whole } from '../figures.js';
import { BareChain } from './bare-chain.js';
import { LINE_HOPS, LineDriver, type BarPassage } from './line-driver.js';

/** The line over the bare chain that is aimed at, at the most. */
const AIM_RATIO = 1.5;
const SHARES = [0.5, 0.9, 0.99] as const;
/** Bars that the line takes, then messages of the chain, and so on: both meet the same moods of the machine. */
const BLOCK = 100;
/** What the book's file says beyond its name: the same as the cases of this bench. */
const BOOK_FILE = { bar_interval: '1m', known_time: 'event' };

interface Times {
  readonly line: readonly number[];
  readonly bare: readonly number[];
}

/** From a bar to its decision over a real NATS server, every service a process, against a bare chain of as many hops. */
export async function natsBench(scale: Scale, progress: Progress): Promise<BenchReport> {
  if (findNatsServer() === null) throw new NotMeasured('no nats-server here (apt-get install nats-server)');
  const [warmup, measured] = scale === 'full' ? [400, 4_000] : [2, 8];
  const of = syntheticCase(scale === 'full' ? 5 : 1);
  const server = await startNatsServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'bw-bench-nats-'));
  const logFile = path.join(folder, 'services.log');
  const stop = new AbortController();
  try {
    const fleet = await fleetOf(of, server.url, folder, logFile);
    const bus = await openBus({ kind: 'nats', name: 'bw-bench', servers: [server.url] });
    const bare = await BareChain.start(server.url, LINE_HOPS);
    fleet.start();
    try {
      const driver = new LineDriver(bus, of, stop.signal);
      const measuring = measure(driver, bare, { warmup, measured, progress });
      const { times, sizes } = await Promise.race([measuring, fleet.broken]);
      return report(times, sizes, driver.checkDigest());
    } finally {
      stop.abort();
      await bare.stop();
      await bus.close();
      await fleet.stop();
    }
  } catch (cause) {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    throw new Error(`Last lines of the services:\n${log.slice(-2_000)}`, { cause });
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every service but ingestion, whose place the driver takes. */
async function fleetOf(of: BenchCase, url: string, folder: string, logFile: string): Promise<ServiceFleet> {
  const { book } = of;
  const bookFile = path.join(folder, 'book.yaml');
  await writeFile(bookFile, stringify({ book, symbols: [{ symbol: SYMBOL }], ...BOOK_FILE }));
  const books = { BW_BOOKS: book };
  return new ServiceFleet({
    services: DECIDING_SERVICES.filter((service) => service !== 'ingestion'),
    ...{ logFile, mayEnd: [], restartsMax: 0 },
    environment: { BW_NATS_URL: url, BW_LOG_LEVEL: 'warn' },
    perService: {
      ...Object.fromEntries(STAGES.map((stage) => [stage, books])),
      // In event time the log is waited for, and no entry is written about it: the digest is that of a run in memory.
      execution: { ...books, BW_AUDIT_WATCH: 'hold' },
      audit: { ...books, BW_AUDIT_FOLDER: path.join(folder, 'audit'), BW_AUDIT_LATENCY: 'off' },
      gateway: { BW_BOOK_FILES: bookFile, BW_HTTP_PORT: '0' },
    },
  });
}

interface Plan {
  readonly warmup: number;
  readonly measured: number;
  readonly progress: Progress;
}

async function measure(
  driver: LineDriver,
  bare: BareChain,
  { warmup, measured, progress }: Plan,
): Promise<{ readonly times: Times; readonly sizes: readonly number[] }> {
  progress('waits for the services');
  const first = await driver.bars(warmup);
  for (const { sizes_bytes } of first) await bare.pass(sizes_bytes);
  const line: number[] = [];
  const chain: number[] = [];
  let passages: readonly BarPassage[] = first;
  while (line.length < measured) {
    progress(`${line.length} of ${measured} bars`);
    passages = await driver.bars(Math.min(BLOCK, measured - line.length));
    for (const { ms, sizes_bytes } of passages) {
      check(sizes_bytes.every(Number.isFinite), 'Each bar is stored on each part of its way');
      line.push(ms);
      chain.push(await bare.pass(sizes_bytes));
    }
  }
  return { times: { line, bare: chain }, sizes: passages.at(-1)?.sizes_bytes ?? [] };
}

function report({ line, bare }: Times, sizes: readonly number[], frames: number): BenchReport {
  const rows = SHARES.map((share) => {
    const [own, chain] = [percentile(line, share), percentile(bare, share)];
    return { share, line_ms: own, bare_ms: chain, ratio: own / chain };
  });
  const worst = Math.max(...rows.filter(({ share }) => share !== 0.9).map(({ ratio }) => ratio));
  return {
    title: 'From a bar to its decision over NATS',
    checked: [
      `${whole(frames)} decisions over NATS come to the digest of the same inputs in memory`,
      'each message of the chain arrives, as large as the frame of the line at that hop',
    ],
    lines: [
      `${whole(line.length)} bars one by one, in turn with as many messages of a bare chain on the same server; ` +
        `${LINE_HOPS} hops each, a process each`,
      `Bytes of the last: ${sizes.join(', ')}`,
      `Aim: p50 and p99 at most ${AIM_RATIO} x the bare chain: ${worst <= AIM_RATIO ? 'reached' : 'MISSED'}`,
      '',
      ...table(
        ['', 'line, ms', 'bare chain, ms', 'ratio'],
        rows.map(({ share, line_ms, bare_ms, ratio }) => [
          `p${100 * share}`,
          line_ms.toFixed(2),
          bare_ms.toFixed(2),
          ratio.toFixed(2),
        ]),
      ),
    ],
    figures: { aim_ratio: AIM_RATIO, hops: LINE_HOPS, bars: line.length, sizes_bytes: sizes, times: rows },
  };
}
