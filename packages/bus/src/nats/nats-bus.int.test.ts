/**
 * Goal: what NATS adds to the contract: servers and connections that die, and streams that somebody else made.
 * Method: a real server, which is killed and stopped, and a relay that swallows what the server says.
 */
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { subjects } from '@bellwether/contracts';
import { describeWithNats, startNatsServer, type NatsServer } from '@bellwether/testkit';
import { DiscardPolicy, StorageType, jetstreamManager, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { LEASE_TTL_MS, bytesOf, collect, eventually, natsClient, textOf } from '../bus-fixtures.js';
import { BusRefused, OutcomeUnknown, SequenceConflict, type Bus, type LiveMessage } from '../bus.js';
import { BusMisconfigured } from './nats-errors.js';

const first = { expectedLastSequence: 0 };

/** A relay between client and server that can swallow what the server says, and cut all connections. */
class Relay {
  swallow = false;
  swallowed = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static start(target: NatsServer): Promise<Relay> {
    const port = Number(new URL(target.url).port);
    return new Promise((resolve) => {
      const server = createServer((client) =>
        relay.#join(client, connectSocket({ host: '127.0.0.1', port })),
      );
      let relay: Relay;
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        const own = typeof address === 'object' && address !== null ? address.port : 0;
        relay = new Relay(server, `nats://127.0.0.1:${own}`);
        resolve(relay);
      });
    });
  }

  #join(client: Socket, upstream: Socket): void {
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => peer.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        peer.destroy();
      });
    }
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => {
      if (this.swallow) this.swallowed += 1;
      else client.write(chunk);
    });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): Promise<void> {
    this.cut();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }
}

describeWithNats('NatsBus and a failing server', () => {
  let server: NatsServer;
  let closing: (() => Promise<void>)[];
  beforeEach(async () => {
    closing = [];
    server = await startNatsServer();
  });
  afterEach(async () => {
    await server.kill('SIGCONT');
    for (const close of closing.reverse()) await close();
    await server.stop();
  });

  async function client(options: Parameters<typeof natsClient>[1] = {}): Promise<Bus> {
    const bus = await natsClient(server, options);
    closing.push(() => bus.close());
    return bus;
  }

  test('killed and started again: readers go on without gap or repeat, nothing acknowledged is lost', async () => {
    const [writer, reader] = [await client(), await client()];
    const subject = subjects.line('risk', 'book');
    const count = 400;
    const reading = collect(reader, subject, { from: 1, follow: true }, count);
    const slow: number[] = [];
    const slowly = (async () => {
      for await (const { sequence } of reader.read('bw.line.risk.*', { from: 1, follow: true })) {
        slow.push(sequence);
        if (slow.length % 50 === 0) await eventually('a moment', () => slow.length > 0);
        if (slow.length === count) return;
      }
    })();
    const acknowledged: string[] = [];
    let last = 0;
    let unknown = 0;
    const writing = (async () => {
      for (let n = 0; acknowledged.length < count; n++) {
        try {
          last = await writer.append(subject, bytesOf(`m${n}`), { expectedLastSequence: last });
          acknowledged.push(`${last} m${n}`);
        } catch (error) {
          // The owner of a stream looks what became of it and goes on from there.
          expect(error).toBeInstanceOf(OutcomeUnknown);
          unknown += 1;
          const stored = await writer.last(subject);
          if (stored !== null && stored.sequence > last) {
            last = stored.sequence;
            acknowledged.push(`${last} ${textOf(stored.data)}`);
          }
        }
      }
    })();
    for (const at of [100, 250]) {
      await eventually(`${at} acknowledged`, () => acknowledged.length >= at);
      await server.kill('SIGKILL');
      await eventually('the loss is noticed', () => !writer.connected && !reader.connected);
      await server.restart();
    }
    await Promise.all([writing, slowly]);
    const read = (await reading).map(({ sequence, data }) => `${sequence} ${textOf(data)}`);
    expect(read).toEqual(acknowledged);
    expect(slow).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(unknown).toBeLessThanOrEqual(2);
    expect(writer.connected).toBe(true);
  });

  test('stopped: an append ends as unknown, and what became of it can be found out', async () => {
    const bus = await client({ callDeadlineMs: 800, ackTimeoutMs: 300 });
    const subject = subjects.line('risk', 'book');
    const sequence = await bus.append(subject, bytesOf('before'), first);
    await server.kill('SIGSTOP');
    const attempt = bus.append(subject, bytesOf('during'), { expectedLastSequence: sequence });
    await expect(attempt).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(bus.last(subject)).rejects.toBeInstanceOf(BusRefused);
    await expect(bus.leases.acquire('risk/book', 'me')).rejects.toBeInstanceOf(OutcomeUnknown);
    await server.kill('SIGCONT');
    // The server had it in its buffers: all its copies, stored once.
    await eventually(
      'it is stored',
      async () => textOf((await bus.last(subject))?.data ?? bytesOf('')) === 'during',
    );
    expect(await collect(bus, subject, { from: 1, follow: false })).toHaveLength(2);
    const again = bus.append(subject, bytesOf('during'), { expectedLastSequence: sequence });
    await expect(again).rejects.toBeInstanceOf(SequenceConflict);
  });

  test('away for longer than the deadline: unknown, and refused for reads; back, all goes on', async () => {
    const bus = await client({ callDeadlineMs: 500 });
    const live: LiveMessage[] = [];
    await bus.subscribe(subjects.decision('book'), (message) => live.push(message));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { data } of bus.read('bw.line.risk.book', { from: 1, follow: true })) {
        seen.push(textOf(data));
      }
    })();
    await server.kill('SIGKILL');
    await eventually('the loss is noticed', () => !bus.connected);
    await expect(bus.append('bw.line.risk.book', bytesOf('a'), first)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(bus.get('bw.line.risk.book', 1)).rejects.toBeInstanceOf(BusRefused);
    await expect(bus.publish('bw.status.risk.book', bytesOf('a'))).rejects.toBeInstanceOf(BusRefused);
    await server.restart();
    await eventually('it is connected again', () => bus.connected);
    expect(await bus.append('bw.line.risk.book', bytesOf('b'), first)).toBe(1);
    await eventually('reader and subscriber go on', () => seen.length === 1 && live.length === 1);
    expect(live[0]?.sequence).toBe(1);
    await bus.close();
    await reading;
    expect(seen).toEqual(['b']);
  });

  test('a question: unknown when the server dies under it, refused while it is away, answered when it is back', async () => {
    const [asker, answerer] = [await client(), await client()];
    let begun = 0;
    let hold = true;
    await answerer.respond('bw.audit-query.book', (data) => {
      begun += 1;
      return hold ? new Promise(() => undefined) : Promise.resolve(data);
    });
    const ask = (timeoutMs: number): Promise<Uint8Array> =>
      asker.request('bw.audit-query.book', bytesOf('?'), timeoutMs);
    const under = expect(ask(60_000)).rejects.toBeInstanceOf(OutcomeUnknown);
    await eventually('it is worked on', () => begun === 1);
    await server.kill('SIGKILL');
    await under;
    await expect(ask(200)).rejects.toThrow('Not connected');
    hold = false;
    await server.restart();
    await eventually('both are connected again', () => asker.connected && answerer.connected);
    // What the server has confirmed to the answerer came after its subscription, over the same connection.
    await answerer.append('bw.line.risk.book', bytesOf('a'), first);
    expect(textOf(await ask(10_000))).toBe('?');
    // A closing asker does not wait for its answer.
    hold = true;
    const closing = expect(ask(60_000)).rejects.toThrow('closed');
    await eventually('it is worked on', () => begun === 3);
    await asker.close();
    await closing;
  });

  test('closing while the server is away ends readers and does not hang', async () => {
    const bus = await client({ callDeadlineMs: 300 });
    const reading = collect(bus, 'bw.journal.>', { from: 1, follow: true });
    await server.kill('SIGKILL');
    await eventually('the loss is noticed', () => !bus.connected);
    const attempt = bus.append('bw.line.risk.book', bytesOf('a'), first);
    const outcome = expect(attempt).rejects.toBeInstanceOf(OutcomeUnknown);
    await bus.close();
    await outcome;
    expect(await reading).toEqual([]);
    await server.restart();
  });

  test('an acknowledgement that is lost with its connection is asked for again: stored once, one success', async () => {
    const relay = await Relay.start(server);
    closing.push(() => relay.stop());
    const bus = await client({ servers: relay.url, ackTimeoutMs: 1_000 });
    const direct = await client();
    const live: LiveMessage[] = [];
    await direct.subscribe(subjects.decision('book'), (message) => live.push(message));
    relay.swallow = true;
    const appended = bus.append(subjects.line('risk', 'book'), bytesOf('decision'), first);
    await eventually('it is stored', async () => (await direct.last('bw.line.risk.book')) !== null);
    await eventually('its acknowledgement is swallowed', () => relay.swallowed > 0);
    relay.swallow = false;
    relay.cut();
    expect(await appended).toBe(1);
    expect(await collect(direct, 'bw.line.risk.*', { from: 1, follow: false })).toHaveLength(1);
    expect(live).toHaveLength(1);
  });

  test('an acknowledgement that is lost while another writer goes on is still a success', async () => {
    const relay = await Relay.start(server);
    closing.push(() => relay.stop());
    const bus = await client({ servers: relay.url, ackTimeoutMs: 1_000 });
    const direct = await client();
    const subject = subjects.line('risk', 'book');
    relay.swallow = true;
    const appended = bus.append(subject, bytesOf('mine'), first);
    await eventually('it is stored', async () => (await direct.last(subject)) !== null);
    await direct.append(subject, bytesOf('theirs'), { expectedLastSequence: 1 });
    relay.swallow = false;
    relay.cut();
    expect(await appended).toBe(1);
    const next = bus.append(subject, bytesOf('mine'), { expectedLastSequence: 1 });
    await expect(next).rejects.toBeInstanceOf(SequenceConflict);
  });

  test('a stream that is another is refused, by name and field', async () => {
    const connection = await connect({ servers: server.url });
    closing.push(() => connection.close());
    const manager = await jetstreamManager(connection);
    const journal: Pick<StreamConfig, 'name'> & Partial<StreamConfig> = {
      name: 'BW_JOURNAL',
      subjects: ['bw.journal.>'],
      storage: StorageType.File,
      discard: DiscardPolicy.New,
      max_bytes: 64 * 1024 * 1024,
    };
    const cases: [Partial<StreamConfig>, RegExp][] = [
      [{ max_age: nanos(3_600_000) }, /BW_JOURNAL: Expected max_age 0/],
      [{ discard: DiscardPolicy.Old }, /BW_JOURNAL: Expected discard "new", was "old"/],
      [{ storage: StorageType.Memory }, /BW_JOURNAL: Expected storage/],
      [{ max_bytes: 1_000_000 }, /BW_JOURNAL: Expected max_bytes/],
      [{ subjects: ['bw.journal.one.>'] }, /BW_JOURNAL: Expected subjects/],
      [{ republish: { src: 'bw.journal.>', dest: 'copy.>' } }, /BW_JOURNAL: Expected republish null/],
      [{ name: 'OTHER' }, /BW_JOURNAL: .*overlap/],
    ];
    for (const [change, message] of cases) {
      const { name } = (await manager.streams.add({ ...journal, ...change })).config;
      const attempt = natsClient(server);
      await expect(attempt).rejects.toBeInstanceOf(BusMisconfigured);
      await expect(attempt).rejects.toThrow(message);
      await manager.streams.delete(name);
    }
    await (await natsClient(server)).close();
    await expect(natsClient(server, { leaseTtlMs: LEASE_TTL_MS * 2 })).rejects.toThrow(
      /KV_BW_LEASES: Expected max_age/,
    );
    await expect(natsClient(server, { replicas: 3 })).rejects.toBeInstanceOf(BusMisconfigured);
    await expect(natsClient(server, { heartbeatMs: 1 })).rejects.toThrow(/heartbeatMs: Expected .* from 500/);
  });

  test('no server: refused after the deadline; one that comes in time is found', async () => {
    await server.kill('SIGKILL');
    await expect(natsClient(server, { connectDeadlineMs: 300 })).rejects.toBeInstanceOf(BusRefused);
    const connecting = natsClient(server);
    await server.restart();
    const bus = await connecting;
    expect(bus.connected).toBe(true);
    await bus.close();
  });

  test('what subscribers see carries a sequence only where the server republished it', async () => {
    const bus = await client();
    const live: LiveMessage[] = [];
    await bus.subscribe('bw.>', (message) => live.push(message));
    const data = bytesOf('x');
    await bus.append('bw.line.risk.book', data, first);
    await bus.publish('bw.decision.book', data);
    await eventually('three messages', () => live.length === 3);
    expect(live.map(({ subject, sequence }) => `${subject} ${String(sequence)}`).sort()).toEqual([
      'bw.decision.book 1',
      'bw.decision.book null',
      'bw.line.risk.book null',
    ]);
  });
});
