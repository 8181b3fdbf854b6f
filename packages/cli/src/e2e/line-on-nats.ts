import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openBus, type Bus, type LiveMessage } from '@bellwether/bus';
import { STAGES, decodeFrame, subjects, type Bar, type Frame } from '@bellwether/contracts';
import { sampleBars, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { ServiceFleet } from '../replay/fleet.js';
import { DECIDING_SERVICES } from '../replay/services.js';
import { freePort } from './free-port.js';

/** For end-to-end tests: a real nats-server, every service as a process, a warmed book, and what it publishes. */

export const BOOK = 'e2e';
export const SIGNAL_TIMEOUT_MS = 700;
const DEADLINE_MS = 60_000;
/** More than any test kills one service. */
const RESTARTS_MAX = 5;
const FIRST_DECIDED_DATE = 20_250_411;
/** Bars of the last session that are fed: past the 30 that regime wants after an open. */
const BARS = 45;

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export class LineOnNats {
  /** Every message on the decision topic since the line was started. */
  readonly published: LiveMessage[] = [];
  private readonly others: ServiceFleet[] = [];

  private constructor(
    readonly server: NatsServer,
    readonly bus: Bus,
    readonly fleet: ServiceFleet,
    private readonly url: string,
    private readonly folder: string,
    /** Market time after the last bar, in microseconds. */
    readonly nowUs: number,
  ) {}

  /** Starts everything and waits until the last bar is decided. */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    /** More lines of the book file; a `live` book is fed by the clock alone. */
    { live = false, book = '' }: { readonly live?: boolean; readonly book?: string } = {},
  ): Promise<LineOnNats> {
    const folder = await mkdtemp(path.join(tmpdir(), 'bw-e2e-'));
    const server = await startNatsServer();
    const bus = await openBus({ kind: 'nats', name: 'e2e', servers: [server.url] });
    const { rows, lastCloseUs } = someBars();
    await writeFile(path.join(folder, 'bars.csv'), ['ts,open,high,low,close,volume', ...rows].join('\n'));
    const bookFile = path.join(folder, 'book.yaml');
    await writeFile(
      bookFile,
      `book: ${BOOK}\nsymbols: [{ symbol: ES }]\nknown_time: ${live ? 'receive' : 'event'}\nevidence: { override: all }\n${book}`,
    );
    const httpPort = await freePort();
    const fleet = new ServiceFleet({
      services: DECIDING_SERVICES,
      mayEnd: ['ingestion'],
      restartsMax: RESTARTS_MAX,
      logFile: path.join(folder, 'services.log'),
      environment: { BW_NATS_URL: server.url, BW_SNAPSHOT_EVERY: '20', ...environment },
      perService: {
        ...Object.fromEntries(STAGES.map((service) => [service, { BW_BOOKS: BOOK }])),
        execution: { BW_BOOKS: BOOK, BW_AUDIT_WATCH: 'hold' },
        audit: { BW_BOOKS: BOOK, BW_AUDIT_FOLDER: path.join(folder, 'audit'), BW_AUDIT_LATENCY: 'off' },
        gateway: {
          BW_BOOK_FILES: bookFile,
          BW_HTTP_PORT: String(httpPort),
          BW_SIGNAL_TIMEOUT_MS: String(SIGNAL_TIMEOUT_MS),
        },
        ingestion: {
          BW_BOOK_FILE: bookFile,
          ...(live
            ? {}
            : {
                BW_DATA_FILES: `ES=${path.join(folder, 'bars.csv')}`,
                BW_FROM: String(FIRST_DECIDED_DATE),
              }),
        },
      },
    });
    const line = new LineOnNats(server, bus, fleet, `http://127.0.0.1:${httpPort}`, folder, lastCloseUs);
    await bus.subscribe(subjects.decision(BOOK), (message) => {
      line.published.push(message);
    });
    fleet.start();
    await Promise.race([
      fleet.broken,
      line.until(() => line.decidedUntil(live ? 1 : lastCloseUs), 'the last input is decided'),
    ]);
    await line.until(async () => (await line.get('/health')).status === 200, 'the gateway is ready');
    return line;
  }

  /** A second process of one service for the same book, with an owner of its own. */
  startAnother(service: string, environment: Readonly<Record<string, string>> = {}): void {
    const another = new ServiceFleet({
      services: [service],
      mayEnd: [],
      restartsMax: RESTARTS_MAX,
      logFile: path.join(this.folder, `another-${service}.log`),
      environment: {
        BW_NATS_URL: this.server.url,
        BW_OWNER: `another-${service}`,
        BW_BOOKS: BOOK,
        ...environment,
      },
      perService: {},
    });
    this.others.push(another);
    another.start();
  }

  async post(route: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return answerOf(await fetch(this.url + route, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  async get(route: string): Promise<Answer> {
    return fetch(this.url + route).then(answerOf, () => ({ status: 0, body: {} }));
  }

  /** All stored decision frames. */
  async decisions(): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    const stored = this.bus.read(subjects.line('risk', BOOK), { from: 1, follow: false });
    for await (const message of stored) frames.push(decodeFrame(message.data));
    return frames;
  }

  async decisionOf(entryId: string): Promise<readonly Frame[]> {
    return (await this.decisions()).filter((frame) => frame.entry?.id === entryId);
  }

  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`Not within ${DEADLINE_MS} ms: ${what}`);
      await delay(50);
    }
  }

  private async decidedUntil(us: number): Promise<boolean> {
    const last = await this.bus.last(subjects.line('risk', BOOK));
    return last !== null && decodeFrame(last.data).book_time_us >= us;
  }

  async stop(): Promise<void> {
    for (const fleet of [this.fleet, ...this.others]) await fleet.stop();
    await this.bus.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The sample up to the first bars of its last session, as rows of our CSV. */
function someBars(): { readonly rows: readonly string[]; readonly lastCloseUs: number } {
  const bars = [...sampleBars()];
  // The last session opens at 17:00 Chicago of the day before, 22:00 UTC in April.
  const open = Date.UTC(2025, 3, 10, 22) * 1_000;
  const first = bars.findIndex((bar) => bar.open_us >= open);
  const taken = bars.slice(0, first + BARS);
  const last = taken.at(-1);
  if (first < 0 || last === undefined) throw new Error('The sample has no such session');
  return { rows: taken.map(rowOf), lastCloseUs: last.open_us + last.interval_us };
}

function rowOf(bar: Bar): string {
  const prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map((ticks) => ticks / 4);
  return [new Date(bar.open_us / 1_000).toISOString(), ...prices, bar.volume].join(',');
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
