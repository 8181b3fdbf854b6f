import { parentPort, workerData } from 'node:worker_threads';
import { BellwetherError, isErrorCode, type AuditQuery, type ErrorCode } from '@bellwether/contracts';
import { present } from '@bellwether/kernel';
import { nodeAuditFiles } from '../node-files.js';
import { DuckStore } from './duck-store.js';
import { FedIndex } from './fed-index.js';
import type { IndexPlace } from './index-row.js';

/** What the thread is started with. */
export interface IndexWorkerData {
  readonly folder: string;
  readonly book: string;
  /** The DuckDB file. */
  readonly file: string;
}

export type IndexRequest =
  | { readonly id: number; readonly kind: 'extend'; readonly record: number }
  | { readonly id: number; readonly kind: 'rebuild' }
  | { readonly id: number; readonly kind: 'find'; readonly query: AuditQuery; readonly most: number }
  | { readonly id: number; readonly kind: 'close' };

/** `rebuilds` comes with every answer. */
export interface IndexReply {
  readonly id: number;
  readonly places: readonly IndexPlace[];
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null;
  readonly rebuilds: number;
}

/**
 * The thread that owns the DuckDB file. It reads the segments itself, so that neither decoding nor DuckDB's own fsyncs
 * hold up the thread that writes the log and answers.
 */
function serve(): void {
  const port = present(parentPort, 'the port of the thread');
  const { folder, book, file } = workerData as IndexWorkerData;
  const files = nodeAuditFiles(folder);
  const index = new FedIndex({ files, book }, new DuckStore(file));
  const reply = (id: number, places: readonly IndexPlace[], error: IndexReply['error']): void => {
    port.postMessage({ id, places, error, rebuilds: index.rebuilds } satisfies IndexReply);
  };
  const answer = async (request: IndexRequest): Promise<readonly IndexPlace[]> => {
    if (request.kind === 'find') return index.find(request.query, request.most);
    if (request.kind === 'extend') index.extend(request.record);
    if (request.kind === 'rebuild') index.rebuild();
    if (request.kind === 'close') {
      await index.close();
      await files.close();
    }
    return [];
  };
  port.on('message', (request: IndexRequest) => {
    answer(request)
      .then(
        (places) => reply(request.id, places, null),
        (cause: unknown) => reply(request.id, [], errorOf(cause)),
      )
      .finally(() => {
        if (request.kind === 'close') port.close();
      });
  });
}

function errorOf(cause: unknown): NonNullable<IndexReply['error']> {
  const code = cause instanceof BellwetherError && isErrorCode(cause.code) ? cause.code : 'audit_unavailable';
  return { code, detail: cause instanceof Error ? cause.message : String(cause) };
}

serve();
