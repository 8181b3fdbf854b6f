import { AckPolicy, DeliverPolicy, type ConsumerMessages, type JetStreamClient } from '@nats-io/jetstream';

/** The server forgets a consumer that rests for longer; while the line has its turn, the chain rests. */
const REST_MAX_MS = 3_600_000;
const NANOS_PER_MS = 1_000_000;
/** Messages fetched ahead, as the bus of the product does. */
const FETCHED_MAX = 100;

/** Every message of a stream, by a consumer as the bus of the product has it. */
export async function messagesOf(client: JetStreamClient, stream: string): Promise<ConsumerMessages> {
  const manager = await client.jetstreamManager();
  const info = await manager.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    inactive_threshold: REST_MAX_MS * NANOS_PER_MS,
    mem_storage: true,
    num_replicas: 1,
    max_deliver: 1,
  });
  return client.consumers.getConsumerFromInfo(info).consume({ max_messages: FETCHED_MAX });
}
