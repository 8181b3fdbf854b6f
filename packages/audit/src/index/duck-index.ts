import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { BellwetherError, type AuditQuery } from '@bellwether/contracts';
import { indexFile } from '../places.js';
import type { AuditIndex } from './audit-index.js';
import type { IndexPlace } from './index-row.js';
import type { IndexReply, IndexRequest, IndexWorkerData } from './index-worker.js';

interface Waiting {
  readonly resolve: (places: readonly IndexPlace[]) => void;
  readonly reject: (cause: unknown) => void;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/**
 * The index of a book's log in a DuckDB file beside its segments, held by a thread of its own. Nobody else may have it
 * open. One that is missing, behind, damaged or about another log is made anew from the segments.
 */
export function openAuditIndex(folder: string, book: string): AuditIndex {
  return new DuckIndex({ folder, book, file: path.join(folder, indexFile(book)) });
}

class DuckIndex implements AuditIndex {
  readonly #waiting = new Map<number, Waiting>();
  /** Null while there is none: before the first use, and after one has died. */
  #worker: Worker | null = null;
  #ended: Promise<void> = Promise.resolve();
  #id = 0;
  #target = 0;
  #rebuilds = 0;

  constructor(private readonly workerData: IndexWorkerData) {}

  get rebuilds(): number {
    return this.#rebuilds;
  }

  extend(record: number): void {
    this.#target = Math.max(this.#target, record);
    this.#tell({ kind: 'extend', record });
  }

  rebuild(): void {
    this.#tell({ kind: 'rebuild' });
  }

  find(query: AuditQuery, most: number): Promise<readonly IndexPlace[]> {
    return this.#ask({ kind: 'find', query, most });
  }

  async close(): Promise<void> {
    if (this.#worker !== null) this.#tell({ kind: 'close' });
    await this.#ended;
  }

  /** What goes wrong is told to the next who asks. */
  #tell(request: WithoutId<IndexRequest>): void {
    this.#ask(request).catch(() => undefined);
  }

  #ask(request: WithoutId<IndexRequest>): Promise<readonly IndexPlace[]> {
    const worker = this.#worker ?? this.#start();
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ ...request, id } satisfies IndexRequest);
    });
  }

  #start(): Worker {
    const { workerData } = this;
    const worker = new Worker(new URL('./index-worker.js', import.meta.url), { workerData });
    this.#worker = worker;
    let cause = new Error('its thread has ended');
    worker.on('message', (reply: IndexReply) => {
      this.#settle(reply);
    });
    worker.on('error', (error) => {
      cause = error;
    });
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = null;
        for (const { reject } of this.#waiting.values()) reject(unavailable(cause));
        this.#waiting.clear();
        resolve();
      });
    });
    if (this.#target > 0) this.#tell({ kind: 'extend', record: this.#target });
    return worker;
  }

  #settle({ id, places, error, rebuilds }: IndexReply): void {
    this.#rebuilds = rebuilds;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === null) waiting?.resolve(places);
    else waiting?.reject(new BellwetherError(error.code, error.detail));
  }
}

function unavailable(cause: Error): BellwetherError {
  return new BellwetherError('audit_unavailable', `The index: ${cause.message}`, [], { cause });
}
