import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { open, type Database, type Key, type RootDatabase } from 'lmdb';
import { BusRefused, OutcomeUnknown } from '../bus.js';
import { StoreCorrupt } from './message-record.js';
import { checkDataFile } from './data-file.js';

/** Layout of keys and records. Another number in the store: written by another version, refused. */
const FORMAT = 1;
const FORMAT_KEY = 'format';
/** Named databases: three a stream, and a handful besides. */
const DATABASES_MAX = 128;

/**
 * One LMDB environment in a folder, with plain LMDB commits: data is on disk (fdatasync) before the new root page is
 * written, so that neither the death of a process nor of the machine can tear it, and a commit that has returned is
 * durable. `overlappingSync`, the library's default, is off for that reason: with it a commit may return before its
 * flush, and what a reopened store holds then depends on the machine's boot id.
 *
 * Writes use `transactionSync`. The asynchronous `transaction` of lmdb 3.5.6 was measured never to call back on one
 * machine; the synchronous one blocks the event loop for one flush (0.2 ms measured), which group commit shares out.
 */
export class LmdbStore {
  readonly #root: RootDatabase<Buffer, string>;
  #closing: Promise<void> | null = null;

  private constructor(
    readonly folder: string,
    root: RootDatabase<Buffer, string>,
  ) {
    this.#root = root;
  }

  /** Throws {@link StoreCorrupt} where the folder holds something else than a whole store of this format. */
  static open(folder: string): LmdbStore {
    let store: LmdbStore;
    try {
      mkdirSync(folder, { recursive: true });
      checkDataFile(path.join(folder, 'data.mdb'));
      const root = open<Buffer, string>({
        path: folder,
        // A folder whose name has a dot would be taken for a file.
        noSubdir: false,
        maxDbs: DATABASES_MAX,
        encoding: 'binary',
        overlappingSync: false,
      });
      store = new LmdbStore(folder, root);
    } catch (cause) {
      throw openError(folder, cause);
    }
    store.#checkFormat();
    return store;
  }

  #checkFormat(): void {
    const found = this.#root.get(FORMAT_KEY);
    if (found === undefined) {
      this.write(() => {
        this.#root.putSync(FORMAT_KEY, Buffer.from(String(FORMAT)));
      });
    } else if (found.toString('utf8') !== String(FORMAT)) {
      throw new StoreCorrupt(
        `${this.folder}: Expected store format ${FORMAT}, was ${found.toString('utf8')}`,
      );
    }
  }

  database<K extends Key>(name: string): Database<Buffer, K> {
    return this.#root.openDB<Buffer, K>({ name, encoding: 'binary' });
  }

  /**
   * Runs the action in one write transaction and returns when that is durable. What the action throws undoes it all.
   * The store's own failures become {@link BusRefused} where nothing was written and {@link OutcomeUnknown} else.
   */
  write<T>(action: () => T): T {
    this.#checkOpen();
    let committing = false;
    try {
      return this.#root.transactionSync(() => {
        const result = action();
        committing = true;
        return result;
      });
    } catch (error) {
      throw storeError(this.folder, error, committing);
    }
  }

  /** Lets the next reads see what other processes have committed. */
  refresh(): void {
    this.#checkOpen();
    this.#root.resetReadTxn();
  }

  #checkOpen(): void {
    if (this.#closing !== null) throw new BusRefused('The bus is closed');
  }

  close(): Promise<void> {
    this.#closing ??= this.#root.close();
    return this.#closing;
  }
}

/** Codes of LMDB and of the system that mean: no room. */
const NO_ROOM = /MDB_MAP_FULL|MDB_TXN_FULL|MDB_DBS_FULL|ENOSPC|EDQUOT|No space left|Disk quota/;
const BROKEN = /MDB_CORRUPTED|MDB_INVALID|MDB_PAGE_NOTFOUND|MDB_PANIC|MDB_VERSION_MISMATCH/;

function storeError(folder: string, error: unknown, committing: boolean): Error {
  if (!(error instanceof Error)) return new OutcomeUnknown(`${folder}: ${String(error)}`);
  if (!isStoreFailure(error)) return error;
  if (BROKEN.test(error.message)) return new StoreCorrupt(`${folder}: ${error.message}`, { cause: error });
  if (!committing || NO_ROOM.test(error.message)) {
    return new BusRefused(`${folder}: The store cannot write: ${error.message}`, { cause: error });
  }
  return new OutcomeUnknown(`${folder}: The commit failed: ${error.message}`, { cause: error });
}

/** Errors of the library are plain ones; those of this package and of callers have names of their own. */
function isStoreFailure(error: Error): boolean {
  return error.name === 'Error';
}

function openError(folder: string, cause: unknown): Error {
  if (cause instanceof StoreCorrupt) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (BROKEN.test(reason)) return new StoreCorrupt(`${folder}: Not a whole LMDB store: ${reason}`, { cause });
  return new BusRefused(`${folder}: Cannot open the store: ${reason}`, { cause });
}
