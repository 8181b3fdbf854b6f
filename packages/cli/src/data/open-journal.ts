import { existsSync } from 'node:fs';
import { openBus, type Bus } from '@bellwether/bus';
import { BellwetherError } from '@bellwether/contracts';
import { storeFolder } from '../folders.js';

export interface JournalPlace {
  readonly store?: string;
  readonly nats?: string;
}

/** Opens the journal where it is. A store that is not there is not made. */
export async function openJournal({ store, nats }: JournalPlace, name: string): Promise<Bus> {
  if (store !== undefined && nats !== undefined) {
    throw new BellwetherError('usage', 'Name the journal once: --store or --nats');
  }
  if (nats !== undefined) return openBus({ kind: 'nats', name, servers: nats.split(',') });
  const folder = storeFolder(store ?? null);
  if (existsSync(folder)) return openBus({ kind: 'lmdb', folder });
  throw new BellwetherError('data_empty', `There is no store in ${folder}`);
}
