import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startNatsServer, type NatsServer } from '@bellwether/testkit';
import type { Bus, ReadOptions, StoredMessage } from './bus.js';
import { LmdbBus } from './lmdb/lmdb-bus.js';
import { MemoryBus } from './memory/memory-bus.js';
import { connectNatsBus } from './nats/nats-bus.js';
import type { NatsBusOptions } from './nats/nats-options.js';

/** What the tests of this package share: one bus of each kind, and how to look at it. */

export interface BusFixture {
  readonly bus: Bus;
  /** Another client of the same store where the kind has clients, else the same bus. */
  readonly other: Bus;
  /** Lets a lease's time pass. */
  expireLeases(): Promise<void>;
  dispose(): Promise<void>;
}

export interface FixtureOptions {
  /** About this many messages of 1,000 bytes fit into one stream. */
  readonly small?: boolean;
}

/** Time to live of the leases in the fixtures; short, for on NATS it is real time. */
export const LEASE_TTL_MS = 700;
const SMALL_MESSAGES = 10;
const SMALL_BYTES = 12_000;

export function openMemory(options: FixtureOptions = {}): Promise<BusFixture> {
  let now = 1_000_000;
  const bus = new MemoryBus({
    leaseTtlMs: LEASE_TTL_MS,
    nowMs: () => now,
    ...(options.small === true ? { streamMessagesMax: SMALL_MESSAGES } : {}),
  });
  return Promise.resolve({
    bus,
    other: bus,
    expireLeases: () => {
      now += LEASE_TTL_MS;
      return Promise.resolve();
    },
    dispose: () => bus.close(),
  });
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'bw-bus-'));
}

export async function openLmdb(options: FixtureOptions = {}): Promise<BusFixture> {
  let now = 1_000_000;
  const folder = temporaryFolder();
  const bus = await LmdbBus.open({
    folder,
    leaseTtlMs: LEASE_TTL_MS,
    nowMs: () => now,
    ...(options.small === true ? { streamBytesMax: SMALL_BYTES } : {}),
  });
  return {
    bus,
    other: bus,
    expireLeases: () => {
      now += LEASE_TTL_MS;
      return Promise.resolve();
    },
    dispose: async () => {
      await bus.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A client with deadlines that fit a test. */
export function natsClient(server: NatsServer, options: Partial<NatsBusOptions> = {}): Promise<Bus> {
  return connectNatsBus({
    servers: server.url,
    name: 'bus-test',
    leaseTtlMs: LEASE_TTL_MS,
    streamBytesMax: 64 * 1024 * 1024,
    connectDeadlineMs: 10_000,
    heartbeatMs: 500,
    ...options,
  });
}

export async function openNats(options: FixtureOptions = {}): Promise<BusFixture> {
  const server = await startNatsServer();
  try {
    const limits = options.small === true ? { streamBytesMax: SMALL_BYTES } : {};
    const bus = await natsClient(server, limits);
    const other = await natsClient(server, limits);
    return {
      bus,
      other,
      expireLeases: () => new Promise((resolve) => setTimeout(resolve, LEASE_TTL_MS)),
      dispose: async () => {
        await Promise.all([bus.close(), other.close()]);
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const POLL_MS = 10;

/** Waits until the condition holds. Throws after the deadline. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const until = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Reads until `count` messages are there, or, without a count, to the end. */
export async function collect(
  bus: Bus,
  filter: string,
  options: ReadOptions,
  count = Number.POSITIVE_INFINITY,
): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = [];
  if (count === 0) return messages;
  for await (const message of bus.read(filter, options)) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);
