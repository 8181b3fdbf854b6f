import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryBus, openBus, type Bus } from '@bellwether/bus';
import { decodeAuditAnswer, decodeFrame, encodeAuditQuery, subjects } from '@bellwether/contracts';
import { BookHost, DecisionDigest, createLogger, noMetrics, pause } from '@bellwether/host';
import { LINE } from '@bellwether/line';
import { ModelHost, folderStore, trustedKeys } from '@bellwether/models';

/**
 * Program C of the proof (prove.sh): the auditor. It takes the journal out of the running system, computes every decision
 * again in this process, without NATS, and compares: the stored decisions, what B heard, and what A was told.
 *
 *     node test/dist/compose/recompute.js NATS_URL BOOK DRIVE.jsonl FOLLOW.jsonl FOLLOW_DIGEST
 *
 * The models that the journal promotes are those of the repository, as in the image; they are asked again.
 *
 * It prints what it found, and ends with 1 where anything differs.
 */

const [natsUrl = '', book = '', driveFile = '', followFile = '', followDigest = ''] = process.argv.slice(2);

const AUDIT_WITHIN_MS = 60_000;
const ROOT = path.resolve(import.meta.dirname, '../../..');

interface Decided {
  readonly seq: number;
  readonly entry_id: string;
}

interface Acknowledged {
  readonly entry_id: string;
  /** Of a question: what it was answered with. */
  readonly decision_id: string | null;
}

const problems: string[] = [];
function check(holds: boolean, problem: string): void {
  if (!holds) problems.push(problem);
}

function readLedger(file: string): readonly unknown[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}

/** Decisions of a bus in order, up to as many as there are entries in the journal, and their digest. */
async function decisionsOf(bus: Bus, entries: number): Promise<{ decided: Decided[]; digest: string }> {
  const decided: Decided[] = [];
  const digest = new DecisionDigest();
  if (entries === 0) return { decided, digest: digest.hex() };
  for await (const message of bus.read(subjects.line('risk', book), { from: 1, follow: true })) {
    const { seq, entry } = decodeFrame(message.data);
    decided.push({ seq, entry_id: entry?.id ?? '' });
    digest.add(message.data);
    if (decided.length === entries) break;
  }
  return { decided, digest: digest.hex() };
}

async function recompute(journal: readonly { readonly subject: string; readonly data: Uint8Array }[]) {
  const bus = new MemoryBus();
  for (const { subject, data } of journal)
    await bus.append(subject, data, { expectedLastSequence: 0, durable: false });
  const stop = new AbortController();
  const keys = await trustedKeys(path.join(ROOT, 'config/model-keys'));
  const models = new ModelHost({
    store: folderStore(path.join(ROOT, 'models')),
    trust: { keys, unsigned: false },
  });
  const host = new BookHost({
    ...{ bus, book, service: 'line', stages: LINE, infer: models.infer, owner: 'recompute', lease: false },
    ...{ snapshotEveryFrames: Number.MAX_SAFE_INTEGER, metrics: noMetrics, pause },
    log: createLogger('recompute', 'error'),
  }).run(stop.signal);
  const result = await decisionsOf(bus, journal.length);
  stop.abort();
  await host;
  await bus.close();
  return result;
}

/** Waits until the audit log holds a decision; what it holds at the deadline. */
async function auditedUpTo(bus: Bus, seq: number): Promise<number> {
  const until = Date.now() + AUDIT_WITHIN_MS;
  let held = 0;
  while (held < seq && Date.now() < until) {
    const question = encodeAuditQuery({
      ...{ book, seq: null, entry_id: null, before_seq: null, from_us: null, to_us: null, action: null },
      ...{ reason: null, symbol: null, strategy: null, asked_only: false, limit: 1 },
    });
    const answer = await bus.request(subjects.auditQuery(book), question, 2_000).catch(() => null);
    held = answer === null ? held : (decodeAuditAnswer(answer).head?.seq ?? 0);
    await delay(200);
  }
  return held;
}

const bus = await openBus({ kind: 'nats', name: 'recompute', servers: [natsUrl] });
const journal: { subject: string; data: Uint8Array }[] = [];
for await (const { subject, data } of bus.read(subjects.journalOf(book), { from: 1, follow: false })) {
  journal.push({ subject, data });
}
const stored = await decisionsOf(bus, journal.length);
const audited = await auditedUpTo(bus, stored.decided.length);
await bus.close();
const again = await recompute(journal);

const acknowledged = readLedger(driveFile) as readonly Acknowledged[];
const heard = readLedger(followFile) as readonly Decided[];
const seqsOf = new Map<string, number[]>();
for (const { seq, entry_id } of stored.decided) {
  seqsOf.set(entry_id, [...(seqsOf.get(entry_id) ?? []), seq]);
}

check(audited === stored.decided.length, `audit holds ${audited} decisions of ${stored.decided.length}`);
check(stored.decided.length > 0, 'nothing was decided');
check(acknowledged.length > 0, 'nothing was acknowledged');
check(
  stored.decided.every(({ seq }, index) => seq === index + 1),
  'the stored decisions are not numbered 1, 2, 3 …',
);
for (const [entry_id, seqs] of seqsOf)
  check(seqs.length === 1, `${entry_id} is decided ${seqs.length} times`);
for (const { entry_id, decision_id } of acknowledged) {
  const [seq, ...more] = seqsOf.get(entry_id) ?? [];
  check(seq !== undefined && more.length === 0, `${entry_id} was acknowledged and has no single decision`);
  check(
    decision_id === null || decision_id === `${book}-${seq}`,
    `${entry_id}: answered ${decision_id}, decided ${seq}`,
  );
}
check(heard.length === stored.decided.length, `B has ${heard.length} decisions of ${stored.decided.length}`);
check(
  heard.every(({ entry_id }, index) => entry_id === stored.decided[index]?.entry_id),
  'B has others in another order',
);
check(followDigest === stored.digest, `digest of what B decoded: ${followDigest}`);
check(again.digest === stored.digest, `digest of the recomputation: ${again.digest}`);

process.stdout.write(
  `${JSON.stringify({ entries: journal.length, decisions: stored.decided.length, audited, acknowledged: acknowledged.length, digest: stored.digest, recomputed: again.digest })}\n`,
);
for (const problem of problems.slice(0, 20)) process.stdout.write(`PROBLEM: ${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
