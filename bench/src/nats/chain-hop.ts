import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { hopStream, hopSubject, payloadOf } from './chain.js';
import { messagesOf } from './chain-reader.js';

/**
 * One hop of the bare chain, a process as a service is one: takes a message of one stream, stores another in the next,
 * and waits until that is acknowledged before it takes one more. It decodes nothing, decides nothing and recovers from
 * nothing: what it takes is the price of the way alone.
 */
const [, , url = '', hop = '', hops = ''] = process.argv;
const client = jetstream(await connect({ servers: url }));
const messages = await messagesOf(client, hopStream(Number(hop) - 1));
process.send?.('ready');
for await (const { data } of messages) {
  await client.publish(hopSubject(Number(hop)), payloadOf(Number(hop), Number(hops), data));
}
