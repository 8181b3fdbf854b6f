import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import protobuf from 'protobufjs';

/**
 * Program B of the proof (prove.sh): another system. It knows two things of Bellwether, the subject `bw.decision.<book>`
 * and the published .proto files, and imports nothing of ours: a plain NATS client, and protobufjs by reflection.
 *
 *     node test/dist/compose/follow.js NATS_URL BOOK PROTO_FOLDER LEDGER.jsonl
 *
 * It says `following` on stdout. Live messages that were published while it had no connection are gone; it sees that in the
 * sequence, and reads them from the stream BW_LINE_RISK, as docs/reference/subjects.md says. At the end of stdin it reads up
 * to the end of the stream, prints what it has counted, and ends with 1 where a decision came twice.
 */

const [servers = '', book = '', protoFolder = '', ledgerFile = ''] = process.argv.slice(2);
const STREAM = 'BW_LINE_RISK';
const READ_TRIES = 600;
const READ_PAUSE_MS = 100;

interface Decision {
  readonly seq: number;
  readonly entry: { readonly id: string };
  readonly risk: { readonly action: string; readonly reason: string };
}

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => path.join(protoFolder, target);
const files = readdirSync(path.join(protoFolder, 'bellwether/v1')).filter((name) => name.endsWith('.proto'));
root.loadSync(
  files.map((name) => `bellwether/v1/${name}`),
  { keepCase: true },
);
const Frame = root.lookupType('bellwether.v1.Frame');

const ledger = createWriteStream(ledgerFile);
const digest = createHash('sha256');
const heardLive = new Set<number>();
/** Heard live; missed and read from the stream; there before it began. */
type How = 'live' | 're_read' | 'earlier';
const counts = { decisions: 0, earlier: 0, live: 0, re_read: 0, gaps: 0, twice: 0, reconnects: 0 };
const actions = new Map<string, number>();
/** Of the newest decision taken: its own number, and its place in the stream. */
let last = { seq: 0, sequence: 0 };

function decode(bytes: Uint8Array): Decision {
  const options = { longs: Number, enums: String };
  return Frame.toObject(Frame.decode(bytes), options) as Decision;
}

function take(bytes: Uint8Array, sequence: number, how: How): void {
  const { seq, entry, risk } = decode(bytes);
  if (seq !== last.seq + 1) throw new Error(`Expected decision ${last.seq + 1}, was ${seq}`);
  last = { seq, sequence };
  digest.update(bytes);
  counts.decisions += 1;
  counts[how] += 1;
  const action = risk.action.replace('ACTION_', '').toLowerCase();
  actions.set(action, (actions.get(action) ?? 0) + 1);
  ledger.write(`${JSON.stringify({ seq, entry_id: entry.id, action, reason: risk.reason, how })}\n`);
}

/** The next decision behind the last one taken, from the stream; null at its end. */
async function next(manager: JetStreamManager): Promise<{ data: Uint8Array; seq: number } | null> {
  const query = { seq: last.sequence + 1, next_by_subj: `bw.line.risk.${book}` };
  for (let tries = 1; ; tries++) {
    try {
      return await manager.streams.getMessage(STREAM, query);
    } catch (cause) {
      if (tries === READ_TRIES) throw cause;
      await delay(READ_PAUSE_MS);
    }
  }
}

/** Reads the stream up to a place in it, or to its end. */
async function readUpTo(manager: JetStreamManager, sequence: number, how: How): Promise<void> {
  while (last.sequence < sequence) {
    const message = await next(manager);
    if (message === null) return;
    take(message.data, message.seq, how);
  }
}

const connection = await connect({
  servers,
  name: 'follow',
  maxReconnectAttempts: -1,
  reconnectTimeWait: 100,
});
const manager = await jetstreamManager(connection, { timeout: 2_000 });
const subscription = connection.subscribe(`bw.decision.${book}`);
await connection.flush();
await readUpTo(manager, Number.MAX_SAFE_INTEGER, 'earlier');
process.stdout.write('following\n');

const watching = (async () => {
  for await (const status of connection.status()) if (status.type === 'reconnect') counts.reconnects += 1;
})();
const following = (async () => {
  for await (const message of subscription) {
    const sequence = Number(message.headers?.get('Nats-Sequence'));
    if (heardLive.has(sequence)) {
      counts.twice += 1;
      continue;
    }
    heardLive.add(sequence);
    // What was read from the stream meanwhile comes live once more: that is one publication, met in two places.
    if (sequence <= last.sequence) continue;
    const before = Number(message.headers?.get('Nats-Last-Sequence'));
    if (before !== last.sequence) {
      counts.gaps += 1;
      await readUpTo(manager, before, 're_read');
    }
    take(message.data, sequence, 'live');
  }
})();

await once(process.stdin.resume(), 'end');
subscription.drain().catch(() => undefined);
await following;
await readUpTo(manager, Number.MAX_SAFE_INTEGER, 're_read');
await connection.close();
await watching;
await new Promise((resolve) => ledger.end(resolve));
process.stdout.write(
  `${JSON.stringify({ ...counts, actions: Object.fromEntries(actions), digest: digest.digest('hex') })}\n`,
);
if (counts.twice > 0) process.exitCode = 1;
