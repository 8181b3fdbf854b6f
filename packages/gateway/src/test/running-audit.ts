import {
  auditKeyOf,
  memoryAuditFiles,
  memoryAuditIndex,
  newPrivatePem,
  noAuditMetrics,
  runAudit,
  type AuditFiles,
  type AuditKey,
} from '@bellwether/audit';
import { BusRefused, type Bus } from '@bellwether/bus';
import type { AuditHead } from '@bellwether/contracts';
import { Door } from './scripted-line.js';

const KEY: AuditKey = auditKeyOf(newPrivatePem());
const nothing = (): void => undefined;

/** The audit of one book over a log in memory. A test can hold its commits up, end it, and start it again. */
export class RunningAudit {
  readonly files: AuditFiles = memoryAuditFiles();
  /** Shut, nothing new is committed; questions are answered all the same. */
  readonly beforeCommit = new Door();
  head: AuditHead | null = null;
  #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly bus: Bus,
    private readonly book: string,
    private readonly nowUs: () => number,
  ) {}

  start(): void {
    const { bus, book, files, nowUs } = this;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#running = runAudit({
      ...{ bus, book, files, key: KEY, index: () => memoryAuditIndex({ files, book }) },
      ...{ owner: 'test', lease: false, nowUs, measureLatency: true, commitMs: 1, signal },
      ...{ log: { info: nothing, warn: nothing, error: nothing }, metrics: noAuditMetrics },
      onHead: (head) => {
        this.head = head;
      },
      pause: async (_ms, ended) => {
        const aborted = new Promise<void>((resolve) => {
          ended.addEventListener('abort', () => resolve(), { once: true });
          if (ended.aborted) resolve();
        });
        await Promise.race([this.beforeCommit.pass(), aborted]);
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
    }).catch((cause: unknown) => {
      // A bus that was closed before it is the end of the test.
      if (!(cause instanceof BusRefused)) throw cause;
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
