import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bus } from '@bellwether/bus';
import { readRecords, recordsText, type RunRecords } from './run-records.js';

/** Where the last runs are kept. One trainer writes at a time. */
export interface RecordStore {
  /** @throws BellwetherError `config_invalid` for what is no record of runs */
  load(): Promise<RunRecords>;
  /** Whole or not at all. */
  save(records: RunRecords): Promise<void>;
}

const FILE = 'runs.json';
const BLOB = 'trainer/runs';

/** `runs.json` in a folder. */
export function folderRecords(folder: string): RecordStore {
  const file = path.join(folder, FILE);
  return {
    load: async () => {
      const text = await readFile(file, 'utf8').catch((cause: unknown) => {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw cause;
      });
      return readRecords(text, file);
    },
    save: async (records) => {
      await mkdir(folder, { recursive: true });
      const beside = `${file}.${randomUUID()}`;
      try {
        await writeFile(beside, recordsText(records), { flush: true });
        await rename(beside, file);
      } finally {
        await rm(beside, { force: true });
      }
    },
  };
}

/** In the bus's store of blobs. */
export function busRecords(bus: Bus): RecordStore {
  return {
    load: async () => {
      const bytes = await bus.blobs.get(BLOB);
      return readRecords(bytes === null ? null : Buffer.from(bytes).toString(), BLOB);
    },
    save: (records) => bus.blobs.put(BLOB, Buffer.from(recordsText(records))),
  };
}
