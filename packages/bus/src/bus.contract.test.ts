/**
 * Goal: the promises of `bus.ts`, the same for memory, LMDB and NATS. Method: one suite against each.
 */
import { describe, expect, test } from '@jest/globals';
import { describeWithNats } from '@bellwether/testkit';
import { busContract } from './bus-contract-suite.js';
import { bytesOf, openLmdb, openMemory, openNats } from './bus-fixtures.js';
import { openBus } from './open-bus.js';

describe('MemoryBus', () => busContract(openMemory));
describe('LmdbBus', () => busContract(openLmdb));
describeWithNats('NatsBus', () => busContract(openNats));

test('openBus opens the kind it is asked for', async () => {
  const bus = await openBus({ kind: 'memory' });
  const sequence = await bus.append('bw.journal.book.bar.a', bytesOf('x'), { expectedLastSequence: 0 });
  expect(sequence).toBe(1);
  await bus.close();
});
