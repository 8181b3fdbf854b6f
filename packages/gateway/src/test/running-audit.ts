import {
  auditKeyOf,
  memoryAuditFiles,
  memoryAuditIndex,
  newPrivatePem,
  noAuditMetrics,
  runAudit,
  type AuditFiles,
  type AuditIndex,
  type AuditKey,
} from '@bellwether/audit';
import { BusRefused, type Bus } from '@bellwether/bus';
import type { AuditHead } from '@bellwether/contracts';
import { pause } from '../feed/pause.js';
import { Door } from './scripted-line.js';

const KEY: AuditKey = auditKeyOf(newPrivatePem());
const COMMIT_MS = 1;
const nothing = (): void => undefined;

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The audit of one book over a log in memory. A test can hold its commits up, end it, and start it again. */
export class RunningAudit {
  readonly files: AuditFiles = memoryAuditFiles();
  /** Shut, nothing new is committed; questions are answered all the same. */
  readonly beforeCommit = new Door();
  /** Shut, what the index has found is not answered yet. */
  readonly afterFind = new Door();
  head: AuditHead | null = null;
  /** Questions whose answer was found and not given yet. */
  finding = 0;
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
      ...{ bus, book, files, key: KEY, index: () => this.#index() },
      ...{ owner: 'test', lease: false, nowUs, measureLatency: true, commitMs: COMMIT_MS, signal },
      ...{ log: { info: nothing, warn: nothing, error: nothing }, metrics: noAuditMetrics },
      onHead: (head) => {
        this.head = head;
      },
      pause: async (ms, ended) => {
        if (ms === COMMIT_MS) await Promise.race([this.beforeCommit.pass(), aborted(ended)]);
        await pause(ms, ended);
      },
    }).catch((cause: unknown) => {
      // A bus that was closed before it is the end of the test.
      if (!(cause instanceof BusRefused)) throw cause;
    });
  }

  #index(): AuditIndex {
    const { files, book, afterFind } = this;
    const index = memoryAuditIndex({ files, book });
    return {
      extend: (record) => index.extend(record),
      find: async (query, most) => {
        const found = await index.find(query, most);
        this.finding += 1;
        await afterFind.pass();
        this.finding -= 1;
        return found;
      },
      rebuild: () => index.rebuild(),
      rebuilds: index.rebuilds,
      close: () => index.close(),
    };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
