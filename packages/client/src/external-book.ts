import { openBus, type Bus } from '@bellwether/bus';
import {
  EntryKindName,
  ExecutionMode,
  decodeFrame,
  encodeEntry,
  subjects,
  type Entry,
  type Frame,
} from '@bellwether/contracts';
import { runExecution } from '@bellwether/execution';
import { aPaperConfig, barOf, runScriptedLine, type Script } from '@bellwether/execution/testing';
import { createGateway, type Gateway } from '@bellwether/gateway';
import { noMetrics } from '@bellwether/host';
import { A_BOOK, aReleaseEntry, atMinute, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { GatewayClient } from './gateway-client.js';

const nothing = (): void => undefined;
const silent = {
  ...{ level: 'silent', msgPrefix: '', fatal: nothing, error: nothing, warn: nothing },
  ...{ info: nothing, debug: nothing, trace: nothing, silent: nothing },
  child: () => silent,
};
const DEADLINE_MS = 30_000;

/** For tests: an external book on a real NATS server: the real gateway, execution, portfolio and risk. */
export class ExternalBook {
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #execution: Promise<unknown> = Promise.resolve();
  #stopExecution = new AbortController();
  #minute = 990;

  private constructor(
    readonly server: NatsServer,
    readonly bus: Bus,
    private readonly gateway: Gateway,
    readonly client: GatewayClient,
  ) {}

  static async start(script: Script): Promise<ExternalBook> {
    const server = await startNatsServer();
    const bus = await openBus({ kind: 'nats', name: 'external-book', servers: [server.url] });
    const config = aPaperConfig({ execution: ExecutionMode.EXTERNAL });
    const gateway = createGateway({
      ...{ bus, books: [{ book: A_BOOK, config, knownTime: 'event' }], nowUs: () => Date.now() * 1_000 },
      ...{
        logger: silent,
        metrics: { increment: nothing, observe: nothing, render: () => Promise.resolve('') },
      },
      ...{ version: '0.0.0-test', port: 0 },
    });
    const port = await gateway.start();
    const book = new ExternalBook(
      server,
      bus,
      gateway,
      new GatewayClient({ url: `http://127.0.0.1:${port}` }),
    );
    const { signal } = book.#stop;
    book.#running = Promise.all([runScriptedLine(bus, A_BOOK, script, signal)]);
    book.executionUp();
    await book.input(aReleaseEntry(config, {}));
    return book;
  }

  executionUp(): void {
    this.#stopExecution = new AbortController();
    const { signal } = this.#stopExecution;
    const { bus } = this;
    this.#execution = runExecution({
      ...{ bus, book: A_BOOK, inputs: null, signal, owner: 'one', lease: false, snapshotEveryDecisions: 0 },
      ...{ durable: false, log: silent, metrics: noMetrics, pause: () => Promise.resolve() },
      audit: { mode: 'off' },
    });
  }

  async executionDown(): Promise<void> {
    this.#stopExecution.abort();
    await this.#execution;
  }

  /** The bar of the next minute as execution left it in the journal before it died, once it is decided. */
  async journaledBar(): Promise<Frame> {
    const entry = this.#nextBar(24_000);
    const subject = subjects.journal(A_BOOK, EntryKindName[entry.kind], entry.id);
    await this.bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
    return this.decided((frame) => frame.entry?.id === entry.id, `the decision on ${entry.id}`);
  }

  #nextBar(close: number): Entry {
    const entry = barOf(this.#minute, [close, close + 1, close - 1, close]);
    this.#minute += 1;
    return entry;
  }

  /** Market time: the close of the last bar. */
  get nowUs(): number {
    return atMinute(this.#minute);
  }

  /** The bar of the next minute, once it is decided. */
  async bar(close = 24_000): Promise<Frame> {
    return this.input(this.#nextBar(close));
  }

  /** A raw input, once it is decided. */
  async input(entry: Entry): Promise<Frame> {
    const subject = subjects.input(A_BOOK, EntryKindName[entry.kind], entry.id);
    await this.bus.append(subject, encodeEntry(entry), { expectedLastSequence: 0 });
    return this.decided((frame) => frame.entry?.id === entry.id, `the decision on ${entry.id}`);
  }

  /** The first stored decision that fits, waited for. */
  async decided(fits: (frame: Frame) => boolean, what: string): Promise<Frame> {
    const end = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = (await this.frames()).find(fits);
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async frames(): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    for await (const message of this.bus.read(subjects.line('risk', A_BOOK), { from: 1, follow: false })) {
      frames.push(decodeFrame(message.data));
    }
    return frames;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.executionDown().catch(nothing);
    await this.gateway.close();
    await this.#running.catch(nothing);
    await this.bus.close();
    await this.server.stop();
  }
}
