import { present } from '@bellwether/kernel';
import { parentPort, workerData } from 'node:worker_threads';
import { SeedReader } from './read-seed.js';

/** What a worker is asked to read. */
export interface FuzzTask {
  readonly folder: string;
  readonly from: number;
  readonly until: number;
}

const { folder, from, until } = workerData as FuzzTask;
const port = present(parentPort, 'the port of the worker');
const reader = new SeedReader(folder);
for (let seed = from; seed < until; seed++) port.postMessage(await reader.read(seed));
port.close();
