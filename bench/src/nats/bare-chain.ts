import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  DiscardPolicy,
  StorageType,
  jetstream,
  type ConsumerMessages,
  type JetStreamClient,
  type JsMsg,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { check } from '../bench.js';
import { firstPayload, hopStream, hopSubject } from './chain.js';
import { messagesOf } from './chain-reader.js';
import { inTime } from './deadline.js';

interface Parts {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly messages: ConsumerMessages;
  readonly ends: AsyncIterator<JsMsg>;
  readonly processes: readonly ChildProcess[];
}

/** Processes in a row, each of which stores one message for each that it reads; one message is under way at a time. */
export class BareChain {
  private constructor(
    private readonly hops: number,
    private readonly parts: Parts,
  ) {}

  /** Streams as those of the line: on disk, none thrown away. */
  static async start(url: string, hops: number): Promise<BareChain> {
    const connection = await connect({ servers: url });
    const client = jetstream(connection);
    const manager = await client.jetstreamManager();
    for (let hop = 0; hop <= hops; hop++) {
      await manager.streams.add({
        ...{ name: hopStream(hop), subjects: [hopSubject(hop)] },
        ...{ storage: StorageType.File, discard: DiscardPolicy.New, num_replicas: 1 },
      });
    }
    const program = fileURLToPath(new URL('./chain-hop.js', import.meta.url));
    const processes = Array.from({ length: hops }, (_, i) =>
      fork(program, [url, String(i + 1), String(hops)], { execArgv: [] }),
    );
    await Promise.all(processes.map((hop) => once(hop, 'message')));
    const messages = await messagesOf(client, hopStream(hops));
    return new BareChain(hops, {
      connection,
      client,
      processes,
      messages,
      ends: messages[Symbol.asyncIterator](),
    });
  }

  /** Sends one message through; resolves with the milliseconds until it was read behind the last hop. */
  async pass(sizes_bytes: readonly number[]): Promise<number> {
    const { client, ends } = this.parts;
    check(sizes_bytes.length === this.hops + 1, 'A size for each message of the chain');
    const started = performance.now();
    await client.publish(hopSubject(0), firstPayload(sizes_bytes));
    const end = await inTime('A message passes the chain', ends.next());
    const ms = performance.now() - started;
    check(
      end.done !== true && end.value.data.length >= (sizes_bytes.at(-1) ?? 0),
      'The chain passes each message on',
    );
    return ms;
  }

  async stop(): Promise<void> {
    for (const hop of this.parts.processes) hop.kill('SIGKILL');
    // Not awaited: it resolves when somebody has read to the end, and nobody does.
    this.parts.messages.close().catch(() => undefined);
    await this.parts.connection.close();
  }
}
